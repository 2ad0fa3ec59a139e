/** One thing that a sweep looks at. */
export interface Look {
  /** Deletes it if it is over; says whether that was a session. */
  readonly work: () => Promise<boolean>;
  /** Whether it counts as one of the things there are: of the hints of a value, only the last. */
  readonly counts: boolean;
}

/**
 * How many things are looked at at once. Node has four threads for files unless told otherwise, and
 * half of them are for the requests.
 */
const AT_ONCE = 2;

/**
 * A walk over a folder of sessions and all that belongs to them, in steps that go on where the one
 * before ended. What comes in meanwhile is for the next walk.
 */
export class FileWalk {
  /** How many things there are to look at, as of the beginning. */
  readonly total: number;
  readonly #looks: AsyncIterator<Look>;
  #seen = 0;
  #isDone = false;

  constructor(total: number, looks: AsyncIterable<Look>) {
    this.total = total;
    this.#looks = looks[Symbol.asyncIterator]();
  }

  get seen(): number {
    return this.#seen;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * Looks at the next things.
   * @param limit - the most sessions to delete
   * @param most - the most things to look at
   * @returns how many sessions were deleted
   */
  async go(limit: number, most: number, signal: AbortSignal | undefined): Promise<number> {
    let deleted = 0;
    for (let looked = 0; deleted < limit && looked < most && !signal?.aborted; ) {
      const looks = await this.#next(Math.min(AT_ONCE, limit - deleted, most - looked));
      looked += looks.length;
      for (const isDeleted of await Promise.all(looks.map(({ work }) => work()))) if (isDeleted) deleted += 1;
      this.#seen += looks.filter(({ counts }) => counts).length;
      if (this.#isDone) break;
    }
    return deleted;
  }

  async #next(count: number): Promise<readonly Look[]> {
    const looks: Look[] = [];
    while (looks.length < count) {
      const next = await this.#looks.next();
      if (next.done === true) {
        this.#isDone = true;
        break;
      }
      looks.push(next.value);
    }
    return looks;
  }
}
