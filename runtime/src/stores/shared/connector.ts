import { SessionError } from "../../errors.js";
import { backOff } from "../../time/backoff.js";
import { timedOut } from "../../time/deadline.js";
import type { OperationOptions } from "../store.js";
import { Gate } from "./gate.js";
import { plainCause, systemWordOf } from "./plain-cause.js";
import { mayRepeat } from "./retry.js";

/** What a {@link Connector} is told of a backend. */
export interface Backend<Connection> {
  /** The backend's kind, for messages. */
  readonly kind: string;
  /**
   * Connects, opens, or takes the application's own client: at the first use, and anew at the next
   * one when it failed.
   */
  open(): Promise<Connection>;
  /** Releases what {@link open} has made. */
  close?(connection: Connection): unknown;
  /**
   * Tells whether a connection was lost, so that what may be done twice is repeated. Default:
   * never.
   */
  isLost?(error: unknown): boolean;
  /**
   * Tells whether nothing was done because of what others did at the same time: tried again after
   * pauses of random length, for as many milliseconds as `contentionTime` says, 2000 unless given.
   * Default: never.
   */
  isContended?(error: unknown): boolean;
  readonly contentionTime?: number;
  /**
   * Tells whether the client itself found no way to the server. One that finds none for
   * {@link STRANDED} milliseconds, and has no success in between, is replaced by a new one: it may
   * have lost the ability to look. Default: never, as for clients of the application's own.
   */
  isStranded?(error: unknown): boolean;
  /**
   * Tells whether something else is by now where the connection leads, or nothing, as when a file
   * was replaced: it is opened anew then. Looked at before an operation, about every {@link LOOK}
   * milliseconds. Default: never.
   */
  isReplaced?(connection: Connection): boolean;
  /** Says what an error of the backend means; its cause is made safe to show afterwards. */
  describe(error: unknown): SessionError | Promise<SessionError>;
  /**
   * For how long closing waits for what is under way, in milliseconds. Default 2000, as a request
   * would wait for one operation.
   */
  readonly patience?: number;
}

/**
 * For how long a client may find no server before it is replaced, in milliseconds: longer than one
 * takes that begins anew, and short enough that a restart behind a proxy is no outage.
 */
const STRANDED = 5000;

/**
 * How often what a connection leads to is looked at, in milliseconds: an operation costs less than
 * a look. What is written in between might as well have been written before it was replaced.
 */
const LOOK = 100;

/** How one operation differs from others. */
export interface RunOptions<T = never> {
  /** Whether it is repeated after such an error; what the backend calls lost unless given. */
  readonly repeats?: (error: unknown) => boolean;
  /** In place of the backend's, where it depends on the operation. */
  readonly describe?: (error: unknown) => SessionError | Promise<SessionError>;
  /** Looks at what a repetition has come to. Throws where that is no answer. */
  conclude?(result: T): void;
}

/** The same, or what makes it for an operation that has failed. */
export type How<T> = RunOptions<T> | (() => RunOptions<T>);

/**
 * What every store does around its operations: connects at the first use, and anew after that has
 * failed; refuses operations after the end and past the deadline; repeats what a lost connection
 * interrupted; makes every failure a {@link SessionError} that shows no data; and waits at the end
 * for what is under way.
 *
 * Deadlines are kept by who calls the store. The signal is for what can be cancelled, and ends
 * repetitions.
 */
export class Connector<Connection> {
  readonly #backend: Backend<Connection>;
  readonly #gate: Gate;
  #opening: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #ended = false;
  #strandedSince: number | undefined;
  #lookedAt = 0;

  constructor(backend: Backend<Connection>) {
    this.#backend = backend;
    this.#gate = new Gate(backend.kind);
  }

  /**
   * Does an operation.
   * @param options - the caller's
   * @throws SessionError `store/closed`, `store/timeout`, and what the backend describes
   */
  run<T>(
    options: OperationOptions | undefined,
    work: (connection: Connection) => T | Promise<T>,
    how: How<NoInfer<T>> = {},
  ): Promise<T> {
    let begun = 0;
    let working: T | Promise<T>;
    try {
      this.#gate.begin(options);
    } catch (error) {
      return Promise.reject(error);
    }
    if (this.#backend.isContended !== undefined) begun = performance.now();
    try {
      working = this.#connected(work);
    } catch (error) {
      working = Promise.reject(error);
    }
    const done = (value: T): T => {
      this.#strandedSince = undefined;
      this.#gate.end();
      return value;
    };
    return Promise.resolve(working).then(done, (error: unknown) =>
      this.#repeat(options, work, how, { error, begun }).finally(() => this.#gate.end()),
    );
  }

  /**
   * Does an operation again that has failed, as often as it may be.
   * @param failed - how, and when it was begun, by `performance.now()`
   * @throws SessionError as {@link run}
   */
  async #repeat<T>(
    options: OperationOptions | undefined,
    work: (connection: Connection) => T | Promise<T>,
    how: How<T>,
    failed: { readonly error: unknown; readonly begun: number },
  ): Promise<T> {
    const { kind, isLost, isContended, isStranded, contentionTime = 2000 } = this.#backend;
    const rules = typeof how === "function" ? how() : how;
    const { repeats = isLost, describe = this.#backend.describe } = rules;
    let { error } = failed;
    for (let [lost, contended] = [0, 0]; ; ) {
      if (isStranded?.(error) === true) this.#strand();
      if (isContended?.(error) === true && performance.now() - failed.begun < contentionTime) {
        contended += 1;
        await backOff(contended);
        if (options?.signal?.aborted) break;
      } else {
        lost += 1;
        if (repeats?.(error) !== true || !(await mayRepeat(lost, options))) break;
      }
      let done: T;
      try {
        done = await this.#connected(work);
      } catch (again) {
        error = again;
        continue;
      }
      this.#strandedSince = undefined;
      rules.conclude?.(done);
      return done;
    }
    // Only who can cancel looks at the signal: that a driver was told to stop is no failure of the
    // backend.
    const late = options?.bounded !== true && options?.signal?.aborted === true;
    throw plain(late ? timedOut(kind, error) : await describe(error));
  }

  /**
   * Refuses what comes from now on, waits for what is under way, and releases the connection.
   * `true` the first time only.
   */
  async close(): Promise<boolean> {
    if (!this.#gate.close()) return false;
    await this.#gate.drain(this.#backend.patience ?? 2000);
    this.#ended = true;
    const connection = await this.#opening?.catch(() => undefined);
    if (connection !== undefined) await this.#backend.close?.(connection);
    return true;
  }

  /** Notes that the client found no server, and lets go of it when it has found none for long. */
  #strand(): void {
    const now = performance.now();
    this.#strandedSince ??= now;
    if (now - this.#strandedSince < STRANDED || this.#connection === undefined) return;
    this.#letGo(this.#connection);
  }

  /** Has the next operation open another connection. */
  #letGo(connection: Connection): void {
    this.#connection = undefined;
    this.#opening = undefined;
    this.#strandedSince = undefined;
    void (async () => this.#backend.close?.(connection))().catch(() => {});
  }

  #isReplaced(connection: Connection): boolean {
    if (this.#backend.isReplaced === undefined) return false;
    const now = performance.now();
    if (now - this.#lookedAt < LOOK) return false;
    this.#lookedAt = now;
    return this.#backend.isReplaced(connection);
  }

  #connected<T>(work: (connection: Connection) => T | Promise<T>): T | Promise<T> {
    // What the disconnection interrupts is not tried again.
    if (this.#ended) throw new SessionError("store/closed", `The ${this.#backend.kind} store is closed`);
    if (this.#connection !== undefined && this.#isReplaced(this.#connection)) this.#letGo(this.#connection);
    if (this.#connection !== undefined) return work(this.#connection);
    return this.#open().then(work);
  }

  async #open(): Promise<Connection> {
    const opening = this.#opening ?? this.#backend.open();
    this.#opening = opening;
    try {
      this.#connection = await opening;
      return this.#connection;
    } catch (error) {
      // The next operation may find it otherwise: not migrated yet, out of reach, a secret that is
      // set by then.
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }
}

/**
 * The same error, showing nothing of the driver's but what is safe, and the system's word for it,
 * such as ECONNREFUSED, where a log is read that shows no causes. Why a driver cannot be loaded
 * concerns no data.
 */
function plain(error: SessionError): SessionError {
  if (error.cause === undefined || error.code === "store/missing-driver") return error;
  const cause = plainCause(error.cause);
  const word = systemWordOf(cause);
  const message =
    word === undefined ? error.message : error.message.replace(/(?= \[[a-z/-]+\]$)/, `: ${word}`);
  for (const [name, value] of Object.entries({ cause, message }))
    Object.defineProperty(error, name, { value, configurable: true, writable: true });
  return error;
}
