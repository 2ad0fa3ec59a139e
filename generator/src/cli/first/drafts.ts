import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A file that is to be written. */
interface Draft {
  readonly path: string;
  readonly text: string;
  /** It is there, and something is added to it. */
  readonly added?: string;
}

/** What `sessgen init` is going to write: all of it is known before any of it is done. */
export class Drafts {
  readonly #folder: string;
  readonly #drafts = new Map<string, Draft>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The files, in the order in which they were asked for. */
  get all(): readonly Draft[] {
    return [...this.#drafts.values()];
  }

  /** Gives what a file says, or is going to say. */
  read(path: string): string | undefined {
    const draft = this.#drafts.get(path);
    if (draft !== undefined) return draft.text;
    try {
      return readFileSync(join(this.#folder, path), "utf8");
    } catch {
      return undefined;
    }
  }

  /** Adds a file that is not there. */
  create(path: string, text: string): void {
    this.#drafts.set(path, { path, text });
  }

  /** Replaces the text of a file that is there by one with more in it. */
  extend(path: string, text: string, added: string): void {
    const before = this.#drafts.get(path)?.added;
    this.#drafts.set(path, { path, text, added: before === undefined ? added : `${before}, ${added}` });
  }

  /** Adds those lines to a list in a file that it does not have, and makes the file if need be. */
  addLines(path: string, lines: readonly string[]): void {
    const text = this.read(path);
    const there = (text ?? "").split(/\r?\n/).map((line) => line.trim().replace(/^\//, ""));
    const missing = lines.filter((line) => !there.includes(line.replace(/^\//, "")));
    if (missing.length === 0) return;
    const end = text?.includes("\r\n") ? "\r\n" : "\n";
    const more = missing.map((line) => line + end).join("");
    if (text === undefined) this.create(path, more);
    else
      this.extend(path, `${text}${text === "" || text.endsWith("\n") ? "" : end}${more}`, missing.join(", "));
  }

  /** Writes all of them; a file that somebody made meanwhile is never replaced. */
  async write(): Promise<void> {
    for (const { path, text, added } of this.all) {
      const file = join(this.#folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: added === undefined ? "wx" : "w" });
    }
  }
}
