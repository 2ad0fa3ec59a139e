import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "@sessgen/runtime/sqlite-driver";

/** Where an example runs. */
export interface Folder {
  /** Its SQLite file. */
  readonly database: string;
  /** Goes back to where we were, and removes it. */
  leave(): void;
}

/**
 * Goes to a folder with an empty, migrated database: examples keep their sessions in `.data/` of where they run.
 * @param example - the URL of a file in the example's `test/`
 */
export async function enterFolder(example: string): Promise<Folder> {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-example-"));
  const here = process.cwd();
  process.chdir(folder);
  mkdirSync(".data");
  const migrations = new URL("../session-infra/sqlite/", example);
  const database = await openSqlite(".data/sessions.db");
  for (const name of readdirSync(migrations).sort())
    database.exec(readFileSync(new URL(`${name}/up.sql`, migrations), "utf8"));
  database.close();
  return {
    database: join(folder, ".data/sessions.db"),
    leave: () => {
      process.chdir(here);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
