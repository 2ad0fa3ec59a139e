import { createPool } from "mysql2/promise";
import { serviceUrl } from "../../../../services/client.js";
import { mysqlStore } from "../../../src/stores/mysql/index.js";
import { collide, type Failing, type FailingCase, fresh, PASSWORD, writing } from "../shared/failing.js";
import { definition } from "./table.js";

const servers = await Promise.all(
  ["mysql", "mariadb"].map(async (name) => ({ name, url: await serviceUrl(name) })),
);

export const cases: readonly FailingCase[] = servers
  .filter(({ url }) => url !== "")
  .flatMap(({ name, url }): readonly FailingCase[] => [
    [`on ${name}: a value that is there`, () => unique(url)],
    [
      `on ${name}: a wrong password`,
      async () => ({ store: mysqlStore({ url: denied(url) }), fail: (store) => writing(store) }),
    ],
  ]);

async function unique(url: string): Promise<Failing> {
  const table = fresh();
  const admin = createPool(url);
  await admin.query(
    `CREATE TABLE ${table} ${definition.replace("INDEX by_user_id", "UNIQUE INDEX by_user_id")}`,
  );
  await admin.end();
  return { store: mysqlStore({ url, table, cleanup: 0 }), fail: collide };
}

function denied(url: string): string {
  const address = new URL(url);
  address.username = "nobody_at_all";
  address.password = PASSWORD;
  return address.href;
}
