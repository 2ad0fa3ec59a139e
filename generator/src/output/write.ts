import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type GeneratorErrorCode, SessgenError, SessgenErrors } from "../errors.js";
import type { Change } from "./compare.js";
import { hashOf, type Manifest, manifestName, printManifest } from "./manifest.js";

/** How {@link writeChanges} proceeds. */
export interface WriteOptions {
  /** The config's folder, absolute. */
  readonly root: string;
  /** The output folder, relative to the root: the manifest is kept there. */
  readonly output: string;
  /** What the last run wrote. */
  readonly manifest: Manifest;
  /** Overwrites files that were edited by hand or are not ours. */
  readonly force?: boolean;
  /** Paths that the manifest does not list: `once` and `shared` files. */
  readonly unowned: ReadonlySet<string>;
  /** Called before each write and removal; a test stops the run there. */
  readonly beforeEach?: (path: string) => void;
}

/**
 * Writes what has changed; nothing else writes. Each file is replaced as a whole (temporary file
 * and rename), so that it is old or new whenever the run is interrupted, and the next run completes
 * the work. Identical files are not touched.
 *
 * @throws SessgenErrors `write/edited`, `write/foreign` for every file in the way, before anything
 *   is written; SessgenError `write/…` when the file system refuses
 */
export async function writeChanges(changes: readonly Change[], options: WriteOptions): Promise<void> {
  if (!options.force) refuseForeign(changes);
  const manifestPath = `${options.output}/${manifestName}`;
  const work = changes.filter(({ action }) => action !== "unchanged" && action !== "stale");
  const owned = changes.filter(
    ({ path, action, after }) => !options.unowned.has(path) && after !== undefined && action !== "remove",
  );
  const hashes = (change: Change): string => hashOf(change.after ?? "");
  const final = new Map(owned.map((change) => [change.path, [hashes(change)] as readonly string[]]));
  const finalText = printManifest(final);
  if (work.length === 0 && printManifest(options.manifest) === finalText) return;
  if (work.length > 0) {
    // Both what is there and what will be there is ours, wherever the run stops.
    const both = new Map<string, readonly string[]>(options.manifest);
    for (const [path, [hash = ""]] of final) both.set(path, [...new Set([...(both.get(path) ?? []), hash])]);
    await replace(options, manifestPath, printManifest(both));
    for (const { path, action, after } of work) {
      if (action === "remove") await remove(options, path);
      else await replace(options, path, after ?? "");
    }
  }
  await replace(options, manifestPath, finalText);
}

function refuseForeign(changes: readonly Change[]): void {
  const errors = changes
    .filter(({ action }) => action === "edited" || action === "foreign")
    .map(({ path, action }) =>
      action === "edited"
        ? new SessgenError("write/edited", `${path} was changed by hand`, { where: { file: path } })
        : new SessgenError("write/foreign", `${path} exists and was not written by sessgen`, {
            where: { file: path },
          }),
    );
  if (errors.length > 0) throw new SessgenErrors(errors);
}

async function replace({ root, beforeEach }: WriteOptions, path: string, content: string): Promise<void> {
  beforeEach?.(path);
  const file = join(root, path);
  const temporary = `${file}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await removeLeftovers(file);
    // Flushed before it takes the file's place: after a power failure there is the old content or
    // the new, never none.
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw await describe(root, path, cause);
  }
}

/** Removes the temporary files of runs that were killed. */
async function removeLeftovers(file: string): Promise<void> {
  const [folder, prefix] = [dirname(file), `${basename(file)}.`];
  for (const name of await readdir(folder)) {
    const writer = name.startsWith(prefix)
      ? /^(\d+)-[0-9a-f]{12}\.tmp$/.exec(name.slice(prefix.length))?.[1]
      : undefined;
    if (writer !== undefined && !isRunning(Number(writer))) await rm(join(folder, name), { force: true });
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // Whoever belongs to somebody else is running, too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function remove({ root, beforeEach }: WriteOptions, path: string): Promise<void> {
  beforeEach?.(path);
  try {
    await rm(join(root, path), { force: true });
  } catch (cause) {
    throw await describe(root, path, cause);
  }
}

const codes: Readonly<Record<string, GeneratorErrorCode>> = {
  EROFS: "write/read-only",
  EACCES: "write/read-only",
  EPERM: "write/read-only",
  ENOSPC: "write/no-space",
  EDQUOT: "write/no-space",
};

async function describe(root: string, path: string, cause: unknown): Promise<SessgenError> {
  const where = { file: path };
  const obstacle = await fileAmongFolders(root, path);
  if (obstacle !== undefined) {
    return new SessgenError("write/not-a-folder", `${obstacle} should be a folder and is not`, {
      where,
      cause,
    });
  }
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const code = codes[reason] ?? "write/failed";
  return new SessgenError(code, `${path} cannot be written${reason === "" ? "" : ` (${reason})`}`, {
    where,
    cause,
  });
}

/**
 * The part of the path that is a file where a folder is needed, or the file itself if it is a
 * folder.
 */
async function fileAmongFolders(root: string, path: string): Promise<string | undefined> {
  const steps = path.split("/");
  for (let length = 1; length < steps.length; length += 1) {
    const part = steps.slice(0, length).join("/");
    const stats = await stat(join(root, part)).catch(() => undefined);
    if (stats !== undefined && !stats.isDirectory()) return part;
  }
  return undefined;
}
