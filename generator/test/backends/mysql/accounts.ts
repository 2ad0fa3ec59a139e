import { type Connection, createConnection } from "mysql2/promise";
import { accountsProject, addressOf } from "../drift/accounts.js";
import { succeeded } from "../drift/folder.js";
import type { Accounts } from "../sql/accounts.js";

let count = 0;
const PASSWORD = "pA1-w0rd";

/** Makes the accounts, and then the table as one of them, as roles.sql says. */
export async function mysqlAccounts(url: string): Promise<Accounts> {
  count += 1;
  const table = `acc_${process.pid}_${count}`;
  const [application, migrations] = [`${table}_app`, `${table}_migrate`];
  const admin: Connection = await createConnection({ uri: url, multipleStatements: true });
  await admin.query(`CREATE DATABASE ${table}; USE ${table}`);
  const query = async (sql: string): Promise<void> => void (await admin.query(sql));
  const project = await accountsProject("mysql", table);
  await query(project.emitted("roles.sql"));
  for (const account of [application, migrations])
    await query(`ALTER USER '${account}'@'%' IDENTIFIED BY '${PASSWORD}' ACCOUNT UNLOCK`);
  const urls = {
    admin: addressOf(url, "root", "", table),
    migrations: addressOf(url, migrations, PASSWORD, table),
    application: addressOf(url, application, PASSWORD, table),
  };
  succeeded(await project.run(urls.migrations, "migrate"));
  await query(project.emitted("grants.sql"));
  return {
    ...project,
    table,
    urls,
    query,
    async close() {
      await query(`DROP DATABASE ${table}; DROP USER '${application}'@'%', '${migrations}'@'%'`);
      await admin.end();
    },
  };
}

/** Runs a statement on a connection of its own. */
export async function as(url: string, sql: string): Promise<void> {
  const connection = await createConnection({ uri: url });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
