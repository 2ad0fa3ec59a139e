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
  const database = await migrated(example, folder);
  return {
    database,
    leave: () => {
      process.chdir(here);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Makes the empty database of an example in a folder, as `sessgen migrate` does.
 * @returns its file
 */
export async function migrated(example: string, folder: string): Promise<string> {
  mkdirSync(join(folder, ".data"));
  const file = join(folder, ".data/sessions.db");
  const migrations = new URL("../session-infra/sqlite/", example);
  const database = await openSqlite(file);
  for (const name of readdirSync(migrations).sort())
    database.exec(readFileSync(new URL(`${name}/up.sql`, migrations), "utf8"));
  database.close();
  return file;
}
