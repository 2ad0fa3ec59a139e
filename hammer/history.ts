import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ticket } from "./tickets.js";

/** What a client tried to do in one request. */
export type Kind =
  | "create"
  | "read"
  | "write"
  /** Changes under the lock what nothing merges. */
  | "spend"
  | "login"
  | "regenerate"
  /** Destroys the session it has opened. */
  | "logout"
  /** Destroys the session wherever it is, by its label. */
  | "revoke"
  /** A read after everything else. */
  | "final";

/**
 * How it ended. `done`: acknowledged. `gone` and `conflict` (or locked by others): refused, so that
 * nothing of it may be seen. `unknown`: the store failed, or the process was killed, so that all of
 * it may be seen, at any later time.
 */
export type Outcome = "done" | "gone" | "conflict" | "unknown";

/** The content of a session as a request found it. */
export interface Seen {
  readonly label: string;
  readonly user?: string | undefined;
  readonly count: number;
  readonly balance: number;
  /** Reads alone have the lists: they are long. */
  readonly log?: readonly number[];
  readonly items?: readonly number[];
}

/**
 * One request. Times are microseconds of the machine's monotonic clock, which its processes share.
 */
export interface Entry {
  readonly client: number;
  readonly kind: Kind;
  /** The session's label. */
  readonly session: string;
  /** The id it was asked for under; shortened. */
  readonly id: string;
  readonly begin: number;
  /** When the session had been read. The request changes nothing before. */
  readonly opened: number;
  readonly end: number;
  readonly outcome: Outcome;
  /** Its client was told that nobody knows what of it was done. */
  readonly unclear?: true;
  /** After an error it committed once more: what may be repeated may have been done twice. */
  readonly again?: true;
  /** It was refused, and an operation of the store failed meanwhile. */
  readonly storeFailed?: true;
  /** Absent: there was no session under the id. */
  readonly seen?: Seen;
  readonly increment?: number;
  readonly spend?: number;
  readonly append?: number;
  readonly add?: number;
  readonly remove?: number;
  /** The id that the response gave out, and the Cookie header it comes back in. */
  readonly to?: string;
  readonly cookie?: string;
  /** The user who logged in. */
  readonly user?: string;
  /**
   * Written down before it was done; what became of it stands in a later entry, if the process
   * lived to tell.
   */
  readonly intent?: true;
  /** Of a final read: how many sessions were found by the label. */
  readonly found?: number;
}

/** Microseconds since some moment that all processes of the machine agree on. */
export function now(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/**
 * Writes down what one process does, in a file for each place: the checker has one place's sessions
 * in memory at a time.
 */
export class Recorder {
  readonly #folder: string;
  readonly #process: number;
  readonly #mortal: boolean;
  readonly #lines = new Map<number, string[]>();

  constructor(folder: string, process: number, mortal: boolean) {
    this.#folder = folder;
    this.#process = process;
    this.#mortal = mortal;
  }

  record(place: number, entry: Entry): void {
    const lines = this.#lines.get(place) ?? [];
    this.#lines.set(place, lines);
    if (lines.push(JSON.stringify(entry)) >= (this.#mortal ? 1 : 1000)) this.#write(place, lines);
  }

  /** Writes down what is about to be done, should nobody live to tell what became of it. */
  intend(place: number, entry: Omit<Entry, "end" | "outcome">): void {
    if (this.#mortal) this.record(place, { ...entry, end: entry.opened, outcome: "unknown", intent: true });
  }

  flush(): void {
    for (const [place, lines] of this.#lines) this.#write(place, lines);
  }

  #write(place: number, lines: string[]): void {
    if (lines.length === 0) return;
    appendFileSync(join(this.#folder, `${place}.${this.#process}.jsonl`), `${lines.join("\n")}\n`);
    lines.length = 0;
  }
}

/** The tickets that clients of one post were given, those of killed processes among them. */
export function readTickets(folder: string, process: number): Ticket[] {
  const tickets: Ticket[] = [];
  for (const file of readdirSync(folder).filter((each) => each.endsWith(`.${process}.jsonl`))) {
    for (const { session, to: id, cookie } of readEntries(join(folder, file))) {
      if (id === undefined || cookie === undefined) continue;
      tickets.push({ place: Number(file.split(".", 1)[0]), session, id, cookie });
    }
  }
  return tickets;
}

function readEntries(file: string): Entry[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Entry);
}

/** The requests of every session in a folder of history files, session by session. */
export function* readHistory(folder: string): Generator<readonly Entry[]> {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  for (const place of new Set(files.map((file) => file.split(".", 1)[0]))) {
    const sessions = new Map<string, Map<string, Entry>>();
    for (const file of files.filter((each) => each.startsWith(`${place}.`))) {
      for (const [line, entry] of readEntries(join(folder, file)).entries()) {
        const entries = sessions.get(entry.session) ?? new Map<string, Entry>();
        sessions.set(entry.session, entries);
        // A client makes one request after the other; only the last reads come from many at once.
        const request = entry.kind === "final" ? `${file} ${line}` : `${entry.client} ${entry.begin}`;
        entries.set(request, entry);
      }
    }
    for (const entries of sessions.values()) yield [...entries.values()];
  }
}
