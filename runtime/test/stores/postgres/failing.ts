import pg from "pg";
import { serviceUrl } from "../../../../services/client.js";
import { postgresDrivers } from "../../../src/stores/postgres/client.js";
import { postgresStore } from "../../../src/stores/postgres/index.js";
import { collide, type Failing, type FailingCase, fresh, PASSWORD, writing } from "../shared/failing.js";

const url = await serviceUrl("postgres");

export const cases: readonly FailingCase[] = postgresDrivers
  .filter(() => url !== "")
  .flatMap((driver): readonly FailingCase[] => [
    [`through ${driver}: a value that is there`, () => unique(driver)],
    [
      `through ${driver}: a wrong password`,
      async () => ({ store: postgresStore({ url: denied(), driver }), fail: (store) => writing(store) }),
    ],
  ]);

async function unique(driver: (typeof postgresDrivers)[number]): Promise<Failing> {
  const table = fresh();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(
    `CREATE TABLE ${table} (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, version bigint NOT NULL, expires_at bigint NOT NULL, expires_bucket bigint GENERATED ALWAYS AS (expires_at / 600000) STORED, by_user_id text UNIQUE)`,
  );
  await admin.end();
  return { store: postgresStore({ url, table, driver, cleanup: 0 }), fail: collide };
}

function denied(): string {
  const address = new URL(url);
  address.username = "nobody_at_all";
  address.password = PASSWORD;
  return address.href;
}
