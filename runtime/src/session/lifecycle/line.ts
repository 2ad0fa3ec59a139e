import type { StoredState } from "../state/stored-state.js";

/** What somebody who stands in line can be waiting for. */
interface Place {
  /** It is his turn, or he has left. */
  readonly begun: Promise<void>;
  /** What he has stored, if that is known; may fail. */
  readonly done: Promise<StoredState | undefined>;
}

/** What is done in turn. */
type Operate = (before: StoredState | undefined) => Promise<StoredState | undefined>;

/**
 * Has the commits of one session follow one another in this process, each from what the one before
 * has stored, so that none is refused and nothing is read again. That nothing is lost does not rest
 * on it: whoever takes too long is overtaken.
 */
export class Line {
  /** By store key, the last in line; gone with him. */
  #last = new Map<string, Place>();
  #left = 0;
  readonly #patience: number;

  /**
   * @param patience - how long somebody may take before the next one begins all the same, in
   *   milliseconds
   */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** How many sessions have somebody in line; for tests. */
  get size(): number {
    return this.#last.size;
  }

  /**
   * Operates when those before are done.
   *
   * @param key - the session's
   * @param until - when to give up waiting, by `performance.now()`
   * @param operate - is given what the one before has stored; gives back what it has stored itself,
   *   if that is known
   * @returns whether its turn came in time
   */
  stand(key: string, until: number, operate: Operate): Promise<boolean> {
    const before = this.#last.get(key);
    return before === undefined ? this.#alone(key, operate) : this.#behind(before, key, until, operate);
  }

  async #behind(before: Place, key: string, until: number, operate: Operate): Promise<boolean> {
    const begun = deferred<void>();
    const done = deferred<StoredState | undefined>();
    const place: Place = { begun: begun.promise, done: done.promise };
    this.#last.set(key, place);
    let stored: StoredState | undefined;
    try {
      if (!(await inTime(before.begun, until - performance.now()))) {
        // Who comes next waits for the one before in my place.
        begun.resolve(before.begun);
        done.resolve(known(before.done));
        return false;
      }
      await inTime(before.done, Math.min(this.#patience, until - performance.now()));
      begun.resolve();
      stored = await operate(await settledNow(before.done));
      return true;
    } finally {
      begun.resolve();
      done.resolve(stored);
      this.#leave(key, place);
    }
  }

  /** As nearly always: there is nobody to wait for, and mostly nobody comes. */
  #alone(key: string, operate: Operate): Promise<boolean> {
    const operation = operate(undefined);
    const place: Place = { begun: settled, done: operation };
    this.#last.set(key, place);
    return operation.then(
      () => {
        this.#leave(key, place);
        return true;
      },
      (error: unknown) => {
        this.#leave(key, place);
        throw error;
      },
    );
  }

  /**
   * Leaves the line. V8 links a table that a map has outgrown to the next one: where one of them
   * has become old, whatever was ever in the map stays in memory until all of it is looked through.
   * So another map takes its place now and then.
   */
  #leave(key: string, place: Place): void {
    if (this.#last.get(key) !== place) return;
    this.#last.delete(key);
    this.#left += 1;
    if (this.#left % MAP_LIFE === 0) this.#last = new Map(this.#last);
  }
}

/** How many leave the line before another map takes its place. */
const MAP_LIFE = 256;

const settled = Promise.resolve();

/** A promise, and what settles it. */
function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | PromiseLike<T>) => void;
} {
  let resolve: (value: T | PromiseLike<T>) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Whether it was settled within so many milliseconds. */
function inTime(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, milliseconds), false);
    const settle = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    promise.then(settle, settle);
  });
}

/** Of somebody who has failed, nothing is known. */
function known(done: Place["done"]): Place["done"] {
  return done.catch(() => undefined);
}

/** What is known by now. */
function settledNow(done: Place["done"]): Place["done"] {
  return known(Promise.race([done, Promise.resolve(undefined)]));
}
