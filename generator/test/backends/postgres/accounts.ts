import pg from "pg";
import { accountsProject, addressOf } from "../drift/accounts.js";
import { succeeded } from "../drift/folder.js";
import type { Accounts } from "../sql/accounts.js";

let count = 0;

/** Makes the accounts, and then the table as one of them, as roles.sql says. */
export async function postgresAccounts(url: string): Promise<Accounts> {
  count += 1;
  const table = `acc_${process.pid}_${count}`;
  const [application, migrations] = [`${table}_app`, `${table}_migrate`];
  const server = new pg.Client({ connectionString: url });
  await server.connect();
  await server.query(`CREATE DATABASE ${table}`);
  const urls = {
    admin: addressOf(url, "postgres", "", table),
    migrations: addressOf(url, migrations, "", table),
    application: addressOf(url, application, "", table),
  };
  const admin = new pg.Client({ connectionString: urls.admin });
  admin.on("error", () => {});
  await admin.connect();
  const query = async (sql: string): Promise<void> => void (await admin.query(sql));
  const project = await accountsProject("postgres", table);
  await query(project.emitted("roles.sql"));
  succeeded(await project.run(urls.migrations, "migrate"));
  await as(urls.migrations, project.emitted("grants.sql"));
  return {
    ...project,
    table,
    urls,
    query,
    async close() {
      await admin.end();
      await server.query(`DROP DATABASE ${table} WITH (FORCE)`);
      await server.query(`DROP ROLE ${application}, ${migrations}`);
      await server.end();
    },
  };
}

/** Runs statements on a connection of their own. */
export async function as(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
