import type { Part } from "./group.js";
import { type Operate, Queue, type Turn } from "./queue.js";

/**
 * Has the commits of one session follow one another in this process, each from what the one before
 * has stored, so that none is refused and nothing is read again; those that wait are written
 * together. That nothing is lost does not rest on it: whoever takes too long is overtaken.
 */
export class Line {
  /** By store key; gone with the last in line. */
  #queues = new Map<string, Queue>();
  #left = 0;
  /** How long somebody may take, in milliseconds. */
  readonly patience: number;

  /**
   * @param patience - how long somebody may take before the next one begins all the same, in
   *   milliseconds
   */
  constructor(patience: number) {
    this.patience = patience;
  }

  /** How many sessions have somebody in line; for tests. */
  get size(): number {
    return this.#queues.size;
  }

  /**
   * Operates when those before are done.
   *
   * @param key - the session's
   * @param until - when to give up waiting, by `performance.now()`
   * @param done - what is given back when it is done
   * @param part - what may be written together with others', in place of `operate`
   */
  stand<Done>(key: string, until: number, operate: Operate, done: Done, part?: Part): Promise<Turn<Done>> {
    const queue = this.#queues.get(key);
    if (queue !== undefined) return queue.wait({ until, operate, part }, done);
    const opened = new Queue(this, key);
    this.#queues.set(key, opened);
    return opened.begin(operate, done);
  }

  /**
   * Forgets a session for which nobody waits. V8 links a table that a map has outgrown to the next
   * one: where one of them has become old, whatever was ever in the map stays in memory until all
   * of it is looked through. So another map takes its place now and then.
   */
  leave(key: string): void {
    this.#queues.delete(key);
    this.#left += 1;
    if (this.#left % MAP_LIFE === 0) this.#queues = new Map(this.#queues);
  }
}

/** How many leave the line before another map takes its place. */
const MAP_LIFE = 256;
