import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { applicationOf, keyPrefixOf } from "../shared/application.js";
import type { IndexValues } from "../store.js";

/** Until this age, in milliseconds, a hint is kept whatever it leads to. */
const YOUNG = 60_000;

/** How many hints are read at a time. */
const PAGE = 100;

/**
 * Finds the sessions of a file store by their fields: `by/<index>/<hash of the value>/<hash of the key>` holds the key.
 * Such a file is written before its session, so that no session is ever missing; it is a hint, which may outlive the value and
 * the session.
 */
export class FileIndex {
  readonly #root: string;
  readonly #mode: number;

  constructor(directory: string, mode: number) {
    this.#root = join(directory, "by");
    this.#mode = mode;
  }

  /** Notes that the session is going to have these values. */
  async add(key: string, values: IndexValues): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      if (value === null) continue;
      const folder = this.#folder(applicationOf(key), name, value);
      const path = join(folder, hash(key));
      if (await touch(path)) continue;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Renamed when it is whole: who looks meanwhile must not take half a hint for none.
      const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
      try {
        await writeFile(temporary, key, { mode: this.#mode });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    }
  }

  /** The keys of the sessions that may have that value, some at a time. */
  async *find(application: string, name: string, value: string): AsyncGenerator<readonly string[]> {
    const folder = this.#folder(application, name, value);
    const files = await list(folder);
    for (let from = 0; from < files.length; from += PAGE) {
      const keys = await Promise.all(
        files.slice(from, from + PAGE).map(async (file) => {
          const key = await readFile(join(folder, file), "utf8").catch(() => undefined);
          return key !== undefined && hash(key) === file ? [key] : [];
        }),
      );
      yield keys.flat();
    }
  }

  /** Removes the hints to sessions that are no more. */
  async sweep(isLive: (key: string) => Promise<boolean>): Promise<void> {
    for (const name of await list(this.#root)) {
      for (const value of await list(join(this.#root, name))) {
        const folder = join(this.#root, name, value);
        for (const file of await list(folder)) {
          const path = join(folder, file);
          // A young one may be of a session that is just about to be written.
          const changed = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
          if (Date.now() - changed < YOUNG) continue;
          const key = await readFile(path, "utf8").catch(() => undefined);
          if (key === undefined) continue;
          // Under another name: of a process that died before it was renamed.
          if (hash(key) !== file || !(await isLive(key))) await rm(path, { force: true });
        }
      }
    }
  }

  #folder(application: string, name: string, value: string): string {
    return join(this.#root, name, hash(keyPrefixOf(application) + value));
  }
}

/** Makes a hint young again; `false` when there is none. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (!isMissing(error)) throw error;
    return false;
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
