import { rmSync } from "node:fs";
import { join } from "node:path";
import { openSqlite } from "@sessgen/runtime/sqlite-driver";
import { runIn } from "../../support/project.js";
import { sqlite as cases } from "../drift/cases/sqlite.js";
import { testDrift } from "../drift/drift.js";
import { driftFolder, succeeded } from "../drift/folder.js";

testDrift("SQLite", cases, async () => {
  const root = await driftFolder('{ kind: "sqlite", file: "s.db" }');
  return {
    root,
    env: {},
    async reset() {
      for (const ending of ["", "-shm", "-wal"]) rmSync(join(root, `s.db${ending}`), { force: true });
      succeeded(await runIn(root, ["migrate"]));
    },
    async change(given) {
      const database = await openSqlite(join(root, "s.db"));
      database.exec(given);
      database.close();
    },
    close: async () => {},
  };
});
