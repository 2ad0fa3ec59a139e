import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { applicationOf, keyPrefixOf } from "../shared/application.js";
import { isNoFolder } from "./errors.js";
import type { Look } from "./walk.js";

/** How many hints are read at a time. */
const PAGE = 100;

/**
 * Finds the sessions of a file store by their terms: `by/<hash of tag and term>/<hash of the key>`
 * holds the key. Such a file is written before its session and removed after it, both under the
 * session's lock, so that no session is ever missing; a process that dies in between leaves one
 * that leads nowhere.
 */
export class FileHints {
  readonly #root: string;
  readonly #mode: number;

  constructor(directory: string, mode: number) {
    this.#root = join(directory, "by");
    this.#mode = mode;
  }

  /** Makes the hints of a session that is about to be found by these terms. */
  async add(key: string, terms: readonly string[]): Promise<void> {
    for (const term of terms) {
      const folder = this.#folder(applicationOf(key), term);
      const path = join(folder, hash(key));
      if ((await keyIn(path)) === key) continue;
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

  /** Removes the hints of a session that is not found by these terms any more. */
  remove(key: string, terms: readonly string[]): Promise<void> {
    return this.removeOf(applicationOf(key), hash(key), terms);
  }

  /** Does the same, of whose key only the hash is known. */
  async removeOf(application: string, hashed: string, terms: readonly string[]): Promise<void> {
    for (const term of terms) await rm(join(this.#folder(application, term), hashed), { force: true });
  }

  /** Gives the keys of the sessions that may have that term, some at a time. */
  async *find(application: string, term: string): AsyncGenerator<readonly string[]> {
    const folder = this.#folder(application, term);
    const files = await list(folder);
    for (let from = 0; from < files.length; from += PAGE) {
      const keys = await Promise.all(
        files.slice(from, from + PAGE).map(async (file) => {
          const key = await keyIn(join(folder, file));
          return key !== undefined && hash(key) === file ? [key] : [];
        }),
      );
      yield keys.flat();
    }
  }

  /** Lists the folders of hints: one for each value. */
  folders(): Promise<string[]> {
    return list(this.#root);
  }

  /**
   * Looks at the hints in a folder, and removes those that lead nowhere.
   * @param foldersOf - what {@link folderOf} gives of the terms that the key's session has
   * @param underLock - does something while nobody else changes the session of that key
   */
  async *looks(
    folder: string,
    foldersOf: (key: string) => Promise<readonly string[]>,
    underLock: (key: string, work: () => Promise<void>) => Promise<void>,
  ): AsyncGenerator<Look> {
    const files = await list(join(this.#root, folder));
    for (const [index, file] of files.entries()) {
      const path = join(this.#root, folder, file);
      const work = async (): Promise<false> => {
        const key = await keyIn(path);
        if (key === undefined) return false;
        const isDead = async (): Promise<boolean> => !(await foldersOf(key)).includes(folder);
        if (await isDead()) {
          await underLock(key, async () => {
            if (await isDead()) await rm(path, { force: true });
          });
        } else if (hash(key) !== file) {
          // Under another name: of a process that died before it was renamed. Its session's lock
          // keeps others from doing so now.
          await underLock(key, () => rm(path, { force: true }));
        }
        return false;
      };
      yield { work, counts: index === files.length - 1 };
    }
    if (files.length === 0) yield { work: async () => false, counts: true };
  }

  /** Gives the name of the folder of a term. */
  folderOf(application: string, term: string): string {
    return hash(keyPrefixOf(application) + term);
  }

  #folder(application: string, term: string): string {
    return join(this.#root, this.folderOf(application, term));
  }
}

function keyIn(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNoFolder(error)) return [];
    throw error;
  }
}
