import { join } from "node:path";
import { openSqlite, type SqliteDriver, sqliteDrivers } from "../../../src/stores/sqlite/driver.js";
import { sqliteStore } from "../../../src/stores/sqlite/index.js";
import { collide, type Failing, type FailingCase, folder, fresh } from "../shared/failing.js";

const installed = await Promise.all(
  sqliteDrivers.map((driver) =>
    openSqlite(":memory:", driver).then(
      (database) => {
        database.close();
        return [driver];
      },
      () => [],
    ),
  ),
);

export const cases: readonly FailingCase[] = installed
  .flat()
  .map((driver) => [`through ${driver}: a value that is there`, () => unique(driver)]);

async function unique(driver: SqliteDriver): Promise<Failing> {
  const file = join(folder, `${fresh()}.db`);
  const database = await openSqlite(file, driver);
  database.exec(
    "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_user_id TEXT UNIQUE)",
  );
  database.close();
  return { store: sqliteStore({ file, driver, cleanup: 0 }), fail: collide };
}
