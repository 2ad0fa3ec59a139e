import { SessionError } from "../../errors.js";
import { plainCause } from "../../stores/shared/plain-cause.js";
import type {
  Expectation,
  FoundBeginning,
  IndexedSession,
  IndexValues,
  ListedEntry,
  RemovedState,
  SessionStore,
  StoredSession,
  SweepCursor,
  TouchResult,
  Version,
  WriteResult,
} from "../../stores/store.js";
import { Deadline } from "../../time/deadline.js";
import { isCarrier, type SessionCarrier } from "../../transports/carrier.js";
import type { EventHub, StoreOperation } from "../context/events.js";
import { Endings } from "./endings.js";
import { Line } from "./line.js";
import type { StoreSource } from "./store-source.js";

/**
 * For one batch of a sweep, in milliseconds: no request waits for it, and a store may have to look
 * at all it has.
 */
const SWEEP_TIMEOUT = 60_000;

/** What {@link StoreAccess} is made of. */
export interface StoreAccessOptions {
  readonly source: StoreSource;
  /** How long an operation may take, in milliseconds. */
  readonly timeout: number;
  readonly events: EventHub;
  /** The tag that all keys of this application begin with. */
  readonly application: string;
  /** Makes the key that the session of an id is stored under. */
  readonly keyOf: (id: string) => string;
}

/** A state that is to be stored. */
export interface StoreWrite {
  readonly key: string;
  readonly payload: Uint8Array;
  readonly expect: Expectation;
  readonly expiresAt: number;
  /** What it is found by; `undefined` where there are no indexes. */
  readonly index: IndexValues | undefined;
  /** Indexes that are left as they are. */
  readonly keeps?: readonly string[];
  /** When the caller stops waiting, by `performance.now()`. */
  readonly until?: number | undefined;
}

/** An expiry that is to be moved, of the state that is expected. */
export interface StoreTouch {
  readonly key: string;
  readonly expiresAt: number;
  readonly expect: Version;
  /** As of {@link StoreWrite}. */
  readonly index: IndexValues | undefined;
}

/**
 * The store as the lifecycle uses it: with a deadline for every operation, and with every failure
 * as a {@link SessionError}.
 */
export class StoreAccess {
  readonly #source: StoreSource;
  readonly #timeout: number;
  readonly #events: EventHub;
  /** The tag that all keys of this application begin with. */
  readonly application: string;
  /** The key that the session of an id is stored under. */
  readonly keyOf: (id: string) => string;
  /** Where commits of one session wait for each other. */
  readonly line: Line;
  /** Where it is told that a session is over, or has another id. */
  readonly endings: Endings = new Endings();
  #opened: SessionStore | SessionCarrier | undefined;

  constructor({ source, timeout, events, application, keyOf }: StoreAccessOptions) {
    this.#source = source;
    this.#timeout = timeout;
    this.#events = events;
    this.application = application;
    this.keyOf = keyOf;
    this.line = new Line(timeout / 4);
  }

  /** The most bytes that the store keeps under one key; `undefined`: more than anybody wants. */
  get maxBytes(): number | undefined {
    this.#opened ??= this.#source.open();
    return isCarrier(this.#opened) ? undefined : this.#opened.maxBytes;
  }

  /** What sessions travel in, when there is no store. */
  get carrier(): SessionCarrier | undefined {
    this.#opened ??= this.#source.open();
    return isCarrier(this.#opened) ? this.#opened : undefined;
  }

  /** Whether a conditional write holds between processes. */
  get canLock(): boolean {
    this.#opened ??= this.#source.open();
    return !isCarrier(this.#opened) && this.#opened.atomic !== false;
  }

  /**
   * Reads what is stored under a key.
   * @param until - when the caller stops waiting, by `performance.now()`, if that is before the
   *   operation's own deadline
   */
  read(key: string, until?: number): Promise<StoredSession | undefined> {
    return this.#within("read", (store, deadline) => store.read(key, deadline), until);
  }

  write({ key, payload, expect, expiresAt, index, keeps, until }: StoreWrite): Promise<WriteResult> {
    const options = { expect, expiresAt };
    if (index !== undefined) Object.assign(options, keeps === undefined ? { index } : { index, keeps });
    return this.#within(
      "write",
      (store, deadline) => store.write(key, payload, deadline.and(options)),
      until,
    );
  }

  touch({ key, expiresAt, expect, index }: StoreTouch): Promise<TouchResult> {
    return this.#within("touch", (store, deadline) =>
      store.touch(key, expiresAt, deadline.and({ expect, ...(index && { index }) })),
    );
  }

  remove(key: string, expect?: Version): Promise<boolean> {
    return this.#within("remove", (store, deadline) =>
      store.remove(key, expect === undefined ? deadline : deadline.and({ expect })),
    );
  }

  /**
   * Removes the states of some sessions, with one deadline for all, or for each where the store
   * removes them one by one.
   * @returns for each whether it was removed
   */
  async removeMany(states: readonly RemovedState[]): Promise<readonly boolean[]> {
    this.#opened ??= this.#source.open();
    if (!isCarrier(this.#opened) && this.#opened.removeMany !== undefined)
      return this.#within(
        "remove",
        async (store, deadline) => (await store.removeMany?.(states, deadline)) ?? [],
      );
    const results = await Promise.allSettled(states.map(({ key, version }) => this.remove(key, version)));
    return results.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
  }

  /**
   * Finds sessions that may have that value, in pages; the deadline is that of one page.
   * @param application - the tag of whose sessions; by default this one's
   */
  findByIndex(
    index: string,
    value: string,
    onGone: (key: string) => void,
    application: string = this.application,
  ): AsyncGenerator<readonly IndexedSession[]> {
    return this.#pages((store) => {
      const pages = store.findByIndex?.(index, value, { application, onGone });
      if (pages !== undefined) return pages;
      throw new SessionError("session/no-lookup", `The ${store.kind} store cannot find sessions by a field`);
    });
  }

  /** Finds the first bytes of sessions that have that value, in pages. */
  findBeginnings(index: string, value: string, bytes: number): AsyncGenerator<readonly FoundBeginning[]> {
    const { application } = this;
    return this.#pages((store) => store.findBeginnings?.(index, value, { application, bytes }));
  }

  /** Lists the sessions of this application, in pages; the deadline is that of one page. */
  list(): AsyncGenerator<readonly ListedEntry[]> {
    return this.#pages((store) => store.list?.({ application: this.application }));
  }

  /** Tells whether the store has an operation that not every store has. */
  can(operation: "list" | "findBeginnings" | "removeMany"): boolean {
    this.#opened ??= this.#source.open();
    return !isCarrier(this.#opened) && this.#opened[operation] !== undefined;
  }

  async *#pages<Page>(
    open: (store: SessionStore) => AsyncIterable<Page> | undefined,
  ): AsyncGenerator<Page, void> {
    let pages: AsyncIterator<Page> | undefined;
    for (;;) {
      const next = await this.#within("find", async (store) => {
        pages ??= open(store)?.[Symbol.asyncIterator]();
        return pages?.next();
      });
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  }

  /**
   * Deletes at most so many expired sessions of this application; none where the store does so
   * itself.
   */
  async sweep(limit: number, cursor: SweepCursor): Promise<number> {
    if (this.carrier !== undefined) return 0;
    return this.#within(
      "sweep",
      async (store, deadline) =>
        (await store.sweep?.(deadline.and({ application: this.application, limit, cursor }))) ?? 0,
      undefined,
      SWEEP_TIMEOUT,
    );
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #within<T>(
    operation: StoreOperation["operation"],
    operate: (store: SessionStore, deadline: Deadline) => Promise<T>,
    until = Number.POSITIVE_INFINITY,
    most: number = this.#timeout,
  ): Promise<T> {
    const begun = performance.now();
    const timeout = Math.min(most, Math.max(1, until - begun));
    return new Promise((resolve, reject) => {
      const failed = (cause: unknown): void => {
        const error =
          cause instanceof SessionError
            ? cause
            : new SessionError("store/unavailable", "The session store failed", { cause: plainCause(cause) });
        this.#events.storeFailed(error, this.#about(operation, begun));
        reject(error);
      };
      try {
        this.#opened ??= this.#source.open();
        const store = this.#opened;
        if (isCarrier(store)) throw noStore();
        const deadline = new Deadline(store.kind, timeout);
        const operating = operate(store, deadline);
        deadline.begin(failed);
        operating.then(
          (result) => {
            if (!deadline.end()) return;
            const events = this.#events;
            if (events.has("store-operation"))
              events.publish("store-operation", this.#about(operation, begun));
            resolve(result);
          },
          (error: unknown) => {
            if (deadline.end()) failed(error);
          },
        );
      } catch (error) {
        failed(error);
      }
    });
  }

  #about(operation: StoreOperation["operation"], begun: number): StoreOperation {
    return { store: this.#opened?.kind ?? "", operation, duration: performance.now() - begun };
  }
}

function noStore(): SessionError {
  return new SessionError(
    "session/no-lookup",
    "Sessions that travel in their cookies are found nowhere else",
  );
}
