import { SessionError } from "../../errors.js";
import { timedOut } from "../../time/deadline.js";
import { pause } from "../../time/pause.js";
import type { OperationOptions } from "../store.js";

/** What every operation of a store passes first: a closed store and a passed deadline are refused. */
export class Gate {
  readonly #kind: string;
  #closed = false;
  #underWay = 0;
  #whenIdle: (() => void) | undefined;

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

  /**
   * As {@link enter}, for an operation that is waited for before the store closes; {@link end} is called when it has settled.
   * @throws as {@link enter}
   */
  begin(signal?: AbortSignal): void {
    this.enter(signal);
    this.#underWay += 1;
  }

  end(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#whenIdle?.();
  }

  /** Waits until every operation that began has ended; for a closed gate, through which no more come. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  /** Closes the gate; `true` the first time only. */
  close(): boolean {
    const first = !this.#closed;
    this.#closed = true;
    return first;
  }
}

/** What a store that has nothing to cancel looks at: no signal at all when its caller stops waiting by himself. */
export function signalOf(options: OperationOptions | undefined): AbortSignal | undefined {
  return options?.bounded === true ? undefined : options?.signal;
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
    signal.addEventListener("abort", abort);
    operation.then(
      (value) => {
        signal.removeEventListener("abort", abort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", abort);
        reject(error);
      },
    );
    if (signal.aborted) abort();
  });
}

/** Waits until the gate is idle, as long as a request would wait for one operation. */
export async function drain(gate: Gate): Promise<void> {
  const settled = new AbortController();
  await Promise.race([gate.idle(), pause(2000, settled.signal)]);
  settled.abort();
}

/** How often an operation is repeated after a lost connection. */
const REPETITIONS = 3;

/**
 * Repeats what a lost connection interrupted, with pauses of 50 ms and more, at most three times and until the signal aborts.
 * Only for operations that may be done twice.
 */
export async function repeat<T>(
  work: () => Promise<T>,
  isLost: (error: unknown) => boolean,
  options: { readonly signal?: AbortSignal | undefined } | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isLost(error) || !(await mayRepeat(attempt, options))) throw error;
    }
  }
}

/**
 * Whether there is time for another attempt, after a pause.
 * @param attempt - how many there were
 */
export async function mayRepeat(
  attempt: number,
  options: { readonly signal?: AbortSignal | undefined } | undefined,
): Promise<boolean> {
  if (attempt > REPETITIONS) return false;
  const signal = options?.signal;
  if (signal?.aborted) return false;
  // A server that went away took all its clients along: they should not come back in step.
  await pause(50 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), signal);
  return true;
}
