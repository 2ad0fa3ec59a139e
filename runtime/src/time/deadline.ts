import { SessionError } from "../errors.js";
import { afterInput } from "./after-input.js";

/**
 * How long one operation of a store may take, as the store is told of it. A store that ignores its
 * signal holds no request up. The signal is made when a store looks at it: that costs as much as
 * all the rest of a read from Redis.
 */
export class Deadline {
  readonly bounded = true;
  readonly #kind: string;
  readonly #timeout: number;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #passed = false;

  /**
   * @param kind - the store's, for messages
   * @param timeout - in milliseconds
   */
  constructor(kind: string, timeout: number) {
    this.#kind = kind;
    this.#timeout = timeout;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#passed) this.#controller.abort(reason());
    }
    return this.#controller.signal;
  }

  /** Puts the deadline together with other options of an operation. */
  and<T extends object>(options: T): this & T {
    return Object.assign(this, options);
  }

  /**
   * Waits for an operation at most until the time is over. One of the two is called, once.
   * @param failed - is told `store/timeout` when the time is over, and whoever holds the signal is
   *   told then, too
   */
  wait<T>(
    operate: (deadline: this) => Promise<T>,
    done: (value: T) => void,
    failed: (error: unknown) => void,
  ): void {
    const operation = operate(this);
    this.begin(failed);
    operation.then(
      (value) => {
        if (this.end()) done(value);
      },
      (error: unknown) => {
        if (this.end()) failed(error);
      },
    );
  }

  /**
   * Lets the time begin, as {@link wait} does for whoever has an operation to hand over.
   * @param failed - is told `store/timeout` when the time is over
   */
  begin(failed: (error: unknown) => void): void {
    this.#timer = setTimeout(expire, this.#timeout, this, failed);
  }

  /** Ends the wait for an operation that has settled; `false`: the time was over before. */
  end(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return !this.#passed;
  }

  /** Whether somebody still waits. */
  get isAwaited(): boolean {
    return this.#timer !== undefined;
  }

  /** Makes the error that tells the time is over; whoever holds the signal learns of it. */
  pass(): SessionError {
    this.#passed = true;
    const cause = reason();
    this.#controller?.abort(cause);
    return timedOut(this.#kind, cause);
  }
}

/** One function for all: a closure for every operation is more to make than the timer. */
function expire(deadline: Deadline, failed: (error: SessionError) => void): void {
  afterInput(() => {
    if (deadline.isAwaited) failed(deadline.pass());
  });
}

/** As of `AbortSignal.timeout()`. */
function reason(): DOMException {
  return new DOMException("The operation was aborted due to timeout", "TimeoutError");
}

/** Makes the error of an operation whose deadline has passed. */
export function timedOut(kind: string, cause: unknown): SessionError {
  return new SessionError("store/timeout", `The ${kind} store did not answer in time`, { cause });
}
