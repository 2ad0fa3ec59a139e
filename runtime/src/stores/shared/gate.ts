import { SessionError } from "../../errors.js";
import { timedOut } from "../../time/deadline.js";
import { pause } from "../../time/pause.js";
import type { OperationOptions } from "../store.js";

/**
 * What every operation of a store passes first: a closed store and a passed deadline are refused.
 */
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
   * Lets an operation begin. A caller that stops waiting by itself is not asked for a signal: it
   * would be made for that.
   * @throws SessionError `store/closed` after {@link close}, `store/timeout` when the signal is
   *   already aborted
   */
  enter(options: OperationOptions | undefined): void {
    if (this.#closed) throw new SessionError("store/closed", `The ${this.#kind} store is closed`);
    if (options?.bounded === true || options?.signal?.aborted !== true) return;
    throw timedOut(this.#kind, options.signal.reason);
  }

  /**
   * Lets an operation begin that is waited for before the store closes; {@link end} is called when
   * it has settled.
   * @throws as {@link enter}
   */
  begin(options: OperationOptions | undefined): void {
    this.enter(options);
    this.#underWay += 1;
  }

  /** Notes that an operation has settled. */
  end(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#whenIdle?.();
  }

  /** Closes the gate; `true` the first time only. */
  close(): boolean {
    const first = !this.#closed;
    this.#closed = true;
    return first;
  }

  /**
   * Waits until every operation that began has ended; for a closed gate, through which no more
   * come.
   * @param patience - the longest to wait, in milliseconds
   */
  async drain(patience: number): Promise<void> {
    if (this.#underWay === 0) return;
    const settled = new AbortController();
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
    const limit = patience === Number.POSITIVE_INFINITY ? [] : [pause(patience, settled.signal)];
    await Promise.race([idle, ...limit]);
    settled.abort();
  }
}
