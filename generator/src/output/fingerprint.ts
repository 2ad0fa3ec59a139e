import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Envelope } from "../errors.js";
import type { Prepared } from "./prepare.js";

/*
 * Proves that a run would find nothing to do: everything the last run read is what it was. It reads
 * and hashes all of it, since times and sizes can lie. Whatever is odd counts as a change. Only
 * what Node has built in is imported here, for this runs before anything heavy is loaded.
 */

/** What a run read, by hash. */
interface Fingerprint {
  readonly node: string;
  /** Our own code. */
  readonly self: string;
  /** File -> hash of its content; `null`: it was not there. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Folder -> hash of the names of all files below. */
  readonly folders: Readonly<Record<string, string>>;
  /** Variable -> hash of its value; `null`: it was not set. */
  readonly env: Readonly<Record<string, string | null>>;
  /** What the run printed. */
  readonly message: string;
  readonly warnings: readonly Envelope[];
}

/** What the last run said, if this one would find nothing to do. */
export interface Hit {
  readonly message: string;
  readonly warnings: readonly Envelope[];
}

/** Where a run begins: the options that decide which config it is about. */
export interface Start {
  readonly cwd: string;
  readonly config?: string;
}

/** Looks whether anything changed since the last run. */
export function checkFingerprint(
  start: Start,
  env: Readonly<Record<string, string | undefined>>,
): Hit | undefined {
  try {
    const file = cacheFile(start);
    if (file === undefined) return undefined;
    const saved: Fingerprint = JSON.parse(readFileSync(file, "utf8"));
    const same =
      saved.node === process.version &&
      saved.self === hashOfSelf() &&
      Object.entries(saved.env).every(([name, hash]) => hashOfValue(env[name]) === hash) &&
      Object.entries(saved.files).every(([path, hash]) => hashOfFile(path) === hash) &&
      Object.entries(saved.folders).every(([path, hash]) => hashOfFolder(path) === hash);
    return same ? { message: saved.message, warnings: saved.warnings } : undefined;
  } catch {
    return undefined;
  }
}

/** Kernels stamp files by a clock that ticks every few milliseconds. */
const CLOCK_TICK = 20;

/**
 * Remembers what a run read. Nothing is remembered when that cannot be known: when the environment
 * was listed as a whole, when the config reads more than modules, when something changed while the
 * run was on its way.
 *
 * @param began - when the run began, in milliseconds since the epoch
 */
export async function saveFingerprint(start: Start, prepared: Prepared, began: number): Promise<void> {
  try {
    const file = cacheFile(start);
    const fingerprint = file === undefined ? undefined : await fingerprintOf(start, prepared, began);
    if (file === undefined || fingerprint === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(fingerprint));
  } catch {
    // A cache that cannot be written only costs time.
  }
}

async function fingerprintOf(
  start: Start,
  prepared: Prepared,
  began: number,
): Promise<Fingerprint | undefined> {
  const { loaded, changes, warnings } = prepared;
  const { config } = loaded;
  const modules = loaded.inputs.filter((input) => !input.includes("node_modules"));
  if (loaded.env.includes("*") || modules.some(isUnpredictable)) return undefined;
  const inRoot = (path: string): string => join(config.root, path);
  const { manifestName } = await import("./manifest.js");
  const { configNames } = await import("../config/find.js");
  const searched = foldersBetween(start.cwd, config.root);
  const files = new Set([
    ...loaded.inputs,
    // What would be found first, or change the meaning of what is there, if it came into being.
    ...searched.flatMap((folder) => [...configNames, "package.json"].map((name) => join(folder, name))),
    ...foldersAbove(config.root).map((folder) => join(folder, "tsconfig.json")),
    ...modules.flatMap((input) => foldersAbove(dirname(input))).map((folder) => join(folder, "package.json")),
    ...modules.flatMap(siblings),
    // What formats and checks is a package, too: those of the project, and ours.
    ...[config.root, ownFolder].flatMap(foldersAbove).flatMap(installations),
  ]);
  const read = [config.infrastructure, config.migrationsFolder, config.templates];
  const folders = read.flatMap((folder) => (folder === undefined ? [] : [inRoot(folder)]));
  for (const folder of folders) for (const name of filesBelow(folder)) files.add(join(folder, name));
  // By what the run read and wrote, not by what is there now.
  const emitted = new Map(
    changes.flatMap(({ path, action, before, after }) => {
      const content = action === "unchanged" ? before : after;
      return content === undefined ? [] : [[inRoot(path), hash(content)] as const];
    }),
  );
  for (const path of emitted.keys()) files.delete(path);
  if ([...files].some((path) => changedSince(path, began - CLOCK_TICK))) return undefined;
  files.add(inRoot(join(config.output, manifestName)));
  return {
    node: process.version,
    self: hashOfSelf(),
    files: Object.fromEntries([...[...files].map((path) => [path, hashOfFile(path)] as const), ...emitted]),
    folders: Object.fromEntries(folders.map((folder) => [folder, hashOfFolder(folder)])),
    env: Object.fromEntries(loaded.env.map((name) => [name, hashOfValue(process.env[name])])),
    message: `Up to date: ${changes.filter(({ action }) => action !== "remove").length} files`,
    warnings,
  };
}

/**
 * Beside the packages of the project, where no version control looks; `undefined` when there are
 * none.
 */
function cacheFile({ cwd, config }: Start): string | undefined {
  const modules = foldersAbove(cwd)
    .map((folder) => join(folder, "node_modules"))
    .find((folder) => existsSync(folder));
  if (modules === undefined) return undefined;
  const name = hash(JSON.stringify([cwd, config ?? null])).slice(0, 32);
  return join(modules, ".cache", "sessgen", `${name}.json`);
}

const ownFolder = fileURLToPath(new URL("..", import.meta.url));

/** Our own files by time and size: they change when sessgen is installed anew, or built. */
function hashOfSelf(): string {
  const stats = filesBelow(ownFolder)
    .filter((name) => !/\.(?:map|d\.ts)$/.test(name))
    .map((name) => {
      const { mtimeMs, size } = statSync(join(ownFolder, name));
      return [name, mtimeMs, size];
    });
  return hash(JSON.stringify(stats));
}

/** Where package managers write down what they installed in a folder. */
function installations(folder: string): string[] {
  const names = [
    ".package-lock.json",
    ".modules.yaml",
    ".pnpm/lock.yaml",
    ".yarn-integrity",
    ".yarn-state.yml",
  ];
  return names.map((name) => join(folder, "node_modules", name));
}

/**
 * Whether a module of the user's, or a tsconfig, makes the result depend on more than modules and
 * the environment.
 */
function isUnpredictable(path: string): boolean {
  const text = readFileSync(path, "utf8");
  return path.endsWith(".json") ? manyTargets.test(text) : otherSources.test(text);
}

/**
 * Modules that read something, the time, chance. Where one is only named in a comment, a run is
 * slower than it need be.
 */
const otherSources =
  /["'`](?:node:)?(?:fs|fs\/promises|child_process|os|https?|net|dns|vm|worker_threads)["'`]|\bfetch\(|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/;

/**
 * A path alias with several targets: a file that comes into being at the first one changes the
 * meaning of an import.
 */
const manyTargets = /"paths"\s*:\s*\{[^}]*\[[^\]]*,/;

function changedSince(path: string, time: number): boolean {
  // Not the time of modification, which can be set.
  return (statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) >= time;
}

function hashOfFile(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? null : hash(readFileSync(path));
}

function hashOfFolder(path: string): string {
  return hash(filesBelow(path).join("\n"));
}

function hashOfValue(value: string | undefined): string | null {
  return value === undefined ? null : hash(value);
}

function hash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("base64url");
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The same module under other extensions: which one is imported depends on which there are. */
function siblings(file: string): string[] {
  const stem = file.replace(/\.[^./\\]+$/, "");
  const stems = basename(stem) === "index" ? [stem, dirname(stem)] : [stem];
  const extensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];
  return stems.flatMap((one) => extensions.map((extension) => one + extension));
}

function foldersAbove(folder: string): string[] {
  const folders = [resolve(folder)];
  for (let parent = dirname(folder); parent !== folders.at(-1); parent = dirname(parent))
    folders.push(parent);
  return folders;
}

/** From the folder the search begins in to the one where it ends. */
function foldersBetween(from: string, to: string): string[] {
  const folders = foldersAbove(from);
  const end = folders.indexOf(resolve(to));
  return end === -1 ? [resolve(to)] : folders.slice(0, end + 1);
}
