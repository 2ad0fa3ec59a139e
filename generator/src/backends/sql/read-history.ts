import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResolvedConfig } from "../../config/resolved.js";
import { SessgenError } from "../../errors.js";
import { withoutBom } from "../../text.js";
import type { Dialect } from "./dialect.js";
import type { History, Migration } from "./history.js";
import { layouts } from "./layouts/index.js";
import type { Layout } from "./layouts/layout.js";
import type { Snapshot } from "./snapshot.js";
import { migrationsFolder } from "./tool-folder.js";

/**
 * Reads the migrations there are. What has no number and name of ours is left alone.
 * @throws SessgenError `migrate/broken-history` when a file of a migration is missing or cannot be
 *   read
 */
export async function readHistory(config: ResolvedConfig, dialects: readonly Dialect[]): Promise<History> {
  const layout: Layout = layouts[config.migrations];
  const entries = await Promise.all(
    dialects.map(
      async ({ name }) =>
        [name, await readFolder(config.root, migrationsFolder(config, name), layout)] as const,
    ),
  );
  return new Map(entries);
}

async function readFolder(root: string, folder: string, layout: Layout): Promise<Migration[]> {
  // `0001_x/snapshot.json`, `migrations/0001_x/snapshot.json`, `0001_x.snapshot.json`
  const [before = "", after = ""] = layout.snapshot("*").split("*");
  const place = before === "" ? folder : `${folder}/${before.slice(0, -1)}`;
  const names = await readdir(join(root, place)).catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw new SessgenError("migrate/broken-history", `The folder ${place} cannot be read`, {
      where: { file: place },
      cause,
    });
  });
  const ending = after.startsWith("/") ? "" : after;
  const migrations = names
    .filter((name) => /^\d+_/.test(name) && name.endsWith(ending))
    .map((name) => name.slice(0, name.length - ending.length))
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  return Promise.all(migrations.map((name) => readMigration(root, folder, layout, name)));
}

async function readMigration(root: string, folder: string, layout: Layout, name: string): Promise<Migration> {
  const text = async (file: string): Promise<string> => {
    try {
      return withoutBom(await readFile(join(root, folder, file), "utf8"));
    } catch (cause) {
      throw new SessgenError("migrate/broken-history", `${name} has no readable ${file.split("/").at(-1)}`, {
        where: { file: `${folder}/${file}` },
        cause,
      });
    }
  };
  const [snapshot, up, down] = await Promise.all([
    text(layout.snapshot(name)),
    layout.own ? text(`${name}/up.sql`) : "",
    layout.own ? text(`${name}/down.sql`) : "",
  ]);
  return { name, up, down, snapshot: parseSnapshot(snapshot, name, `${folder}/${layout.snapshot(name)}`) };
}

function parseSnapshot(text: string, name: string, file: string): Snapshot {
  try {
    const value: unknown = JSON.parse(text);
    if (isSnapshot(value)) return value;
  } catch {
    // Reported below, like JSON of another shape.
  }
  throw new SessgenError("migrate/broken-history", `The snapshot of ${name} cannot be read`, {
    where: { file },
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
