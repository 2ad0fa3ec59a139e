import { join } from "node:path";
import { openSqlite } from "../../runtime/src/stores/sqlite/driver.js";
import { sqliteStore } from "../../runtime/src/stores/sqlite/index.js";
import type { HammerStore, Target } from "./store.js";

export const sqlite: HammerStore = {
  async make(target) {
    const database = await openSqlite(fileOf(target));
    database.exec(
      "CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, by_label TEXT)",
    );
    database.exec("CREATE INDEX sessions_by_label ON sessions (by_label)");
    database.close();
  },
  open: (target, options) => sqliteStore({ file: fileOf(target), busyTimeout: 10_000, ...options }),
};

function fileOf({ folder }: Target): string {
  return join(folder, "sessions.db");
}
