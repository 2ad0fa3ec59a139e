import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { Dialect } from "./dialect.js";
import { layouts } from "./layouts/index.js";
import type { Layout, ToolFolder } from "./layouts/layout.js";

/** Tells where the snapshots of the migrations of a dialect are, and ours alone. */
export function migrationsFolder(config: Pick<ResolvedConfig, "infrastructure">, dialect: string): string {
  return `${config.infrastructure}/${dialect}`;
}

/** Tells from where the tool reads the migrations: the user's folder, or one of ours. */
export function toolFolderOf(
  config: Pick<ResolvedConfig, "infrastructure" | "migrations" | "migrationsFolder">,
  dialect: string,
): string {
  const { inside }: Layout = layouts[config.migrations];
  const own = migrationsFolder(config, dialect);
  return config.migrationsFolder ?? (inside === undefined ? own : `${own}/${inside}`);
}

/** Reads the folders of the tool, by dialect. */
export async function readToolFolders(
  config: ResolvedConfig,
  dialects: readonly Dialect[],
): Promise<ReadonlyMap<string, ToolFolder>> {
  const now = Date.now();
  const entries = await Promise.all(
    dialects.map(async ({ name }) => {
      const folder = join(config.root, toolFolderOf(config, name));
      return [name, { ...(await readToolFolder(folder, layouts[config.migrations])), now }] as const;
    }),
  );
  return new Map(entries);
}

async function readToolFolder(
  folder: string,
  { reads = [] }: Layout,
): Promise<Pick<ToolFolder, "names" | "texts">> {
  const names = await namesIn(folder);
  const listed = await Promise.all(
    reads.map(async (place) =>
      place.endsWith("/") ? (await namesIn(join(folder, place))).map((name) => place + name) : [place],
    ),
  );
  const texts = await Promise.all(
    listed.flat().map(async (path) => {
      const text = await readFile(join(folder, path), "utf8").catch(() => undefined);
      return text === undefined ? [] : [[path, text] as const];
    }),
  );
  return { names, texts: new Map(texts.flat()) };
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
