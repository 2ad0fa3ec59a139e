/**
 * The longest a lock is held, in milliseconds: whoever never answers must not keep a session locked
 * for good.
 */
const PATIENCE = 30_000;

/** What the next to come have to wait for. */
interface Line {
  /** For those who share: the last that was alone. */
  alone: Promise<void>;
  /** For those who must be alone: everybody before. */
  everybody: Promise<void>;
}

/** Locks by key, within this process, in the order of arrival. */
export class KeyLocks {
  readonly #lines = new Map<string, Line>();

  /** Does the work beside others that share, while nobody is alone. */
  shared<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.#line(key);
    const result = line.alone.then(work);
    const done = line.alone.then(() => settled(result));
    this.#extend(key, line, Promise.all([line.everybody, done]));
    return result;
  }

  /** Does the work while nobody else does any. */
  alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.#line(key);
    const result = line.everybody.then(work);
    line.alone = line.everybody.then(() => settled(result));
    this.#extend(key, line, line.alone);
    return result;
  }

  /** Waits until everybody who has a lock now, or waits for one, is done. */
  async idle(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ everybody }) => everybody));
  }

  #line(key: string): Line {
    const line = this.#lines.get(key) ?? { alone: Promise.resolve(), everybody: Promise.resolve() };
    this.#lines.set(key, line);
    return line;
  }

  #extend(key: string, line: Line, last: Promise<unknown>): void {
    const everybody: Promise<void> = last.then(() => {
      if (line.everybody === everybody) this.#lines.delete(key);
    });
    line.everybody = everybody;
  }
}

/** Until the work is done, well or not, or takes too long. */
function settled(work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE);
    timer.unref();
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
