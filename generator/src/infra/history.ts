import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResolvedConfig } from "../config/resolved.js";
import type { History, Migration } from "../emit/sql/history.js";
import { dialects, migrationsFolder } from "../emit/sql/index.js";
import type { Snapshot } from "../emit/sql/snapshot.js";
import { SessgenError } from "../errors.js";

/**
 * Reads the migrations there are. Folders that do not begin with a number are not ours and are left alone.
 * @throws SessgenError `migrate/broken-history` when a file of a migration is missing or cannot be read
 */
export async function readHistory(config: ResolvedConfig): Promise<History> {
  const entries = await Promise.all(
    dialects.map(
      async ({ name }) => [name, await readFolder(config.root, migrationsFolder(config, name))] as const,
    ),
  );
  return new Map(entries);
}

async function readFolder(root: string, folder: string): Promise<Migration[]> {
  const names = await readdir(join(root, folder)).catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw new SessgenError("migrate/broken-history", `The folder ${folder} cannot be read`, {
      where: { file: folder },
      cause,
    });
  });
  const migrations = names.filter((name) => /^\d{4}_/.test(name)).sort();
  return Promise.all(migrations.map((name) => readMigration(root, `${folder}/${name}`, name)));
}

async function readMigration(root: string, folder: string, name: string): Promise<Migration> {
  const text = async (file: string): Promise<string> => {
    try {
      return await readFile(join(root, folder, file), "utf8");
    } catch (cause) {
      throw new SessgenError("migrate/broken-history", `${name} has no readable ${file}`, {
        where: { file: `${folder}/${file}` },
        cause,
      });
    }
  };
  const [up, down, snapshot] = await Promise.all([text("up.sql"), text("down.sql"), text("snapshot.json")]);
  return { name, up, down, snapshot: parseSnapshot(snapshot, name, folder) };
}

function parseSnapshot(text: string, name: string, folder: string): Snapshot {
  try {
    const value: unknown = JSON.parse(text);
    if (isSnapshot(value)) return value;
  } catch {
    // Reported below, like JSON of another shape.
  }
  throw new SessgenError("migrate/broken-history", `The snapshot of ${name} cannot be read`, {
    where: { file: `${folder}/snapshot.json` },
  });
}

function isSnapshot(value: unknown): value is Snapshot {
  if (typeof value !== "object" || value === null || !("tables" in value) || !("parent" in value))
    return false;
  const { tables, parent } = value;
  if (!Array.isArray(tables) || !(parent === null || typeof parent === "string")) return false;
  return tables.every(
    (table: unknown) =>
      typeof table === "object" &&
      table !== null &&
      "name" in table &&
      typeof table.name === "string" &&
      "columns" in table &&
      Array.isArray(table.columns) &&
      "indexes" in table &&
      Array.isArray(table.indexes),
  );
}
