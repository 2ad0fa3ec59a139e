import { PAGE } from "../shared/pages.js";
import type { RedisConnection } from "./connection.js";
import { type Member, readMembers } from "./page.js";

/** Does one round trip. */
export type Run = <T>(work: (connection: RedisConnection) => Promise<T>) => Promise<T>;

/**
 * Lists the keys in a set, each once: by rank, which costs the server half of what a script does,
 * and from when somebody in front has left or moved, by score.
 */
export class KeyListing {
  readonly #run: Run;
  readonly #set: string;
  /** Who is touched meanwhile goes to the end of the set. */
  readonly #listed = new Set<string>();
  /** The key that was listed last by rank, and how many were. */
  #last: string | undefined;
  #count = 0;
  #isShifted = false;
  /** The member that was listed last by score. */
  #member: Member | undefined;

  constructor(run: Run, set: string) {
    this.#run = run;
    this.#set = set;
  }

  /** Gives those of the next keys by rank that were not listed yet. */
  note(keys: readonly string[]): readonly string[] {
    this.#count += keys.length;
    this.#last = keys.at(-1) ?? this.#last;
    return this.#fresh(keys);
  }

  /** Gives the keys behind the last one, in pages. */
  async *behind(): AsyncGenerator<readonly string[], void> {
    while (!this.#isShifted) {
      const from = this.#last === undefined ? 0 : this.#count - 1;
      const keys = await this.#run((connection) => readRanks(connection, this.#set, from));
      // The last one tells whether as many are in front of it as there were.
      if (this.#last !== undefined && keys.shift() !== this.#last) this.#isShifted = true;
      else {
        yield this.note(keys);
        if (from + PAGE > this.#count) return;
      }
    }
    // From the first one on: nobody knows which of them are behind the last one by now.
    for (let isLast = false; !isLast; ) {
      const members = await this.#run((connection) =>
        readMembers(connection, this.#set, PAGE, this.#member ?? []),
      );
      this.#member = members.at(-1) ?? this.#member;
      isLast = members.length < PAGE;
      yield this.#fresh(members.map(([key]) => key));
    }
  }

  #fresh(keys: readonly string[]): readonly string[] {
    const listed = this.#listed;
    return keys.filter((key) => listed.size < listed.add(key).size);
  }
}

async function readRanks(connection: RedisConnection, set: string, from: number): Promise<string[]> {
  const range = [String(from), String(from + PAGE - 1)];
  return (await connection.send("zrange", set, [set, ...range])) as string[];
}
