import { checkHistory } from "../emit/sql/history.js";
import { migrationsFolder } from "../emit/sql/index.js";
import { SessgenError } from "../errors.js";
import { readHistory } from "./history.js";
import type { Live } from "./live.js";
import { migrateSqlite } from "./migrate-sqlite.js";

/** SQLite: the migrations of the infrastructure folder. */
export const sqlite: Live = {
  async migrate({ config, options }, { direction, dryRun }) {
    const migrations = (await readHistory(config)).get("sqlite") ?? [];
    const folder = migrationsFolder(config, "sqlite");
    checkHistory(migrations, folder);
    if (migrations.length === 0)
      throw new SessgenError("migrate/none", "There are no migrations yet", { where: { file: folder } });
    const down = direction === "down";
    const done = await migrateSqlite({
      root: config.root,
      file: String(options["file"]),
      migrations,
      dryRun,
      down,
    });
    return done.map((name) => ({ name, state: down ? "undone" : "applied" }));
  },
  async verify() {
    return [];
  },
};
