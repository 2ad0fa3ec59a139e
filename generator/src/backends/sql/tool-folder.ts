import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResolvedConfig } from "../../config/resolved.js";
import { SessgenError } from "../../errors.js";
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
      const found = await readToolFolder(folder, layouts[config.migrations]);
      if (config.migrationsFolder !== undefined) refuseUnreadable(found.texts, config.migrationsFolder);
      return [name, { ...found, now }] as const;
    }),
  );
  return new Map(entries);
}

/**
 * What the tool has written down of the application's own migrations is added to: taken for nothing
 * where it cannot be read, all of it would be lost.
 * @throws SessgenError `migrate/broken-history`
 */
function refuseUnreadable(texts: ToolFolder["texts"], folder: string): void {
  for (const [path, text] of texts) {
    if (!path.endsWith(".json")) continue;
    try {
      JSON.parse(text);
    } catch (cause) {
      throw new SessgenError("migrate/broken-history", `${folder}/${path} is no JSON`, {
        where: { file: `${folder}/${path}` },
        fix: "Restore the file; a merge of git's may have left its marks in it.",
        cause,
      });
    }
  }
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
      const text = await readFile(join(folder, path), "utf8").catch(unlessAbsent);
      return text === undefined ? [] : [[path, text] as const];
    }),
  );
  return { names, texts: new Map(texts.flat()) };
}

async function namesIn(folder: string): Promise<string[]> {
  return ((await readdir(folder).catch(unlessAbsent)) ?? []).sort();
}

/**
 * Nothing where there is no such file or folder; what cannot be read for another reason is told.
 */
function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw new SessgenError("migrate/broken-history", `${error.path} cannot be read: ${error.code}`, {
    fix: "Let this account read it.",
    cause: error,
  });
}
