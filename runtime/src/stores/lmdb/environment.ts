import { mkdir, open as openFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { RootDatabase, RootDatabaseOptions } from "lmdb";
import { SessionError } from "../../errors.js";
import { fileIdentity } from "../shared/file-identity.js";
import { LmdbTurns } from "./turns.js";

/** An environment that is open, and how to be done with it. */
export interface OpenEnvironment {
  readonly root: RootDatabase;
  /** Every write goes through these. */
  readonly turns: LmdbTurns;
  /** Tells whether there is another one by now in the folder, or none. */
  isReplaced(): boolean;
  /** Closes the environment when nobody else in this process uses it. */
  release(): Promise<void>;
}

interface Environment {
  readonly root: Promise<RootDatabase>;
  readonly turns: LmdbTurns;
  readonly data: string;
  /** Of the data; until it is open there is none. */
  identity: string | undefined;
  users: number;
}

/**
 * By folder. LMDB wants an environment opened once per process (http://www.lmdb.tech/doc/,
 * "Caveats"); and a second one would wait on this thread for a transaction of the first, which
 * needs this thread to end.
 */
const environments = new Map<string, Environment>();
/** What is open. */
const opened = new Map<RootDatabase, LmdbTurns>();
/** What is still being closed, by folder. */
const closing = new Map<string, Promise<void>>();

/** What every environment begins with, in the machine's own byte order. */
const MAGIC = Buffer.from(Uint32Array.of(0xbeefc0de).buffer);

/** Opens the environment in a folder, or joins those who have it open. */
export async function openEnvironment(path: string, mapSize: number | undefined): Promise<OpenEnvironment> {
  const folder = resolve(path);
  const there = environments.get(folder);
  const environment = there === undefined || isReplaced(there) ? begin(folder, mapSize) : there;
  environments.set(folder, environment);
  environment.users += 1;
  const release = async (): Promise<void> => {
    environment.users -= 1;
    if (environment.users > 0) return;
    if (environments.get(folder) === environment) environments.delete(folder);
    const root = await environment.root.catch(() => undefined);
    if (root === undefined) return;
    opened.delete(root);
    if (opened.size === 0) process.off("exit", closeAll);
    const closed = environment.turns.close(() => root.close());
    closing.set(folder, closed);
    await closed.finally(() => closing.delete(folder));
  };
  try {
    const root = await environment.root;
    environment.identity ??= fileIdentity(environment.data);
    return { root, turns: environment.turns, isReplaced: () => isReplaced(environment), release };
  } catch (error) {
    await release();
    throw error;
  }
}

function begin(folder: string, mapSize: number | undefined): Environment {
  const turns = new LmdbTurns(folder);
  const data = join(folder, "data.mdb");
  return { root: openRoot(folder, mapSize, turns), turns, data, identity: undefined, users: 0 };
}

function isReplaced({ data, identity }: Environment): boolean {
  return identity !== undefined && fileIdentity(data) !== identity;
}

async function openRoot(
  folder: string,
  mapSize: number | undefined,
  turns: LmdbTurns,
): Promise<RootDatabase> {
  const { open } = await import("lmdb").catch((cause: unknown) => {
    throw missing(cause);
  });
  await closing.get(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await refuseForeign(join(folder, "data.mdb"));
  const options: RootDatabaseOptions & { permissionsMode: number } = {
    // Otherwise a folder with a dot in its name would be taken for a file.
    noSubdir: false,
    // Anything wider lets other users of the machine read sessions. The package's types leave this
    // option out.
    permissionsMode: 0o600,
    ...(mapSize === undefined ? {} : { mapSize }),
  };
  const root = await turns.open(() => withoutListeners(() => open(folder, options)));
  // Before the package's own, where the application has opened an environment by itself.
  if (opened.size === 0) process.prependListener("exit", closeAll);
  opened.set(root, turns);
  return root;
}

/**
 * Leaves out what the package does when the process ends: it closes what is open without waiting
 * for its turn, and in the middle of a write.
 */
function withoutListeners<T>(work: () => T): T {
  const before = process.listeners("exit");
  const result = work();
  for (const listener of process.listeners("exit"))
    if (!before.includes(listener)) process.off("exit", listener);
  return result;
}

/**
 * Closes what is still open when the process ends, as the package would, but in turn. What is
 * beneath its `close()`, which waits for promises.
 */
function closeAll(): void {
  for (const [root, turns] of opened) {
    const { env } = root as unknown as { readonly env: { close(): void } };
    turns.closeNow(() => env.close());
  }
}

/**
 * The package crashes the process when it opens a file that is no database: LMDB's magic number is
 * looked at before.
 */
async function refuseForeign(path: string): Promise<void> {
  const file = await openFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (file === undefined) return;
  try {
    // Within the first page's header, whose length differs among versions and platforms.
    const { bytesRead, buffer } = await file.read(Buffer.alloc(48), 0, 48, 0);
    if (bytesRead === 0 || buffer.includes(MAGIC)) return;
  } finally {
    await file.close();
  }
  throw new SessionError("store/unavailable", "The folder's data.mdb is no LMDB environment");
}

function missing(cause: unknown): SessionError {
  const absent = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
  return new SessionError(
    "store/missing-driver",
    absent ? "The package lmdb is not installed" : "The package lmdb has no binary for this platform",
    { cause },
  );
}

/** Says what went wrong in LMDB, as an error of ours. */
export async function describe(cause: unknown): Promise<SessionError> {
  if (cause instanceof SessionError) return cause;
  // A commit that failed says why in a promise of its own.
  const reason: unknown =
    cause instanceof Error && "commitError" in cause
      ? await Promise.resolve(cause.commitError).catch((error: unknown) => error)
      : cause;
  const text =
    reason instanceof Error ? `${Reflect.get(reason, "code") ?? ""} ${reason.message}` : String(reason);
  if (/EROFS|EACCES|EPERM|read-only file system|permission denied|not permitted/i.test(text)) {
    return new SessionError("store/read-only", "The folder of the LMDB environment cannot be written", {
      cause,
    });
  }
  // LMDB reports a short write as EIO ("filesystem full?" says its source, mdb.c).
  if (/ENOSPC|EDQUOT|no space left|quota exceeded|input\/output error|MDB_MAP_FULL/i.test(text)) {
    return new SessionError("store/full", "There is no room left for the LMDB environment", { cause });
  }
  return new SessionError("store/unavailable", "The LMDB environment failed", { cause });
}
