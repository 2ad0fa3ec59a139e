import { SessionError } from "../errors.js";

/** What every operation of a store passes first: a closed store and a passed deadline are refused. */
export class Gate {
  readonly #kind: string;
  #closed = false;

  /** @param kind - the backend's kind, for messages */
  constructor(kind: string) {
    this.#kind = kind;
  }

  /**
   * Lets an operation begin.
   * @throws SessionError `store/closed` after {@link close}, `store/timeout` when the signal is already aborted
   */
  enter(signal?: AbortSignal): void {
    if (this.#closed) throw new SessionError("store/closed", `The ${this.#kind} store is closed`);
    if (signal?.aborted) throw timedOut(this.#kind, signal.reason);
  }

  /** Closes the gate; `true` the first time only. */
  close(): boolean {
    const first = !this.#closed;
    this.#closed = true;
    return first;
  }
}

/** The error of an operation whose deadline has passed. */
export function timedOut(kind: string, cause: unknown): SessionError {
  return new SessionError("store/timeout", `The ${kind} store did not answer in time`, { cause });
}

/** Settles as the operation does, or rejects with `store/timeout` as soon as the signal aborts. */
export function untilAborted<T>(
  kind: string,
  operation: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return operation;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(timedOut(kind, signal.reason));
    const settled = (): void => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort, { once: true });
    operation.then(resolve, reject).finally(settled);
    if (signal.aborted) abort();
  });
}

/** Waits, at most until the signal aborts; the caller looks at the signal afterwards. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/**
 * Repeats what a lost connection interrupted, with pauses of 50 ms and more, at most three times and until the signal aborts.
 * Only for operations that may be done twice.
 */
export async function repeat<T>(
  work: () => Promise<T>,
  isLost: (error: unknown) => boolean,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 3 || signal?.aborted || !isLost(error)) throw error;
      // A server that went away took all its clients along: they should not come back in step.
      await pause(50 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), signal);
    }
  }
}
