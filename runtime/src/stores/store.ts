/**
 * An opaque token that names one stored state of a session. It changes with every write and is
 * never reused for the same key. Stores choose its form; it is never `"absent"` or `"any"`.
 */
export type Version = string;

/** A session as a store holds it: bytes, and what is needed to write them back safely. */
export interface StoredSession {
  /** The encoded session; the store does not look inside. */
  readonly payload: Uint8Array;
  /** The state that was read; pass it to {@link SessionStore.write} as `expect`. */
  readonly version: Version;
  /** When the session ends, in milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** What must be true of the stored state for a write to happen. */
export type Expectation = Version | "absent" | "any";

/**
 * The values by which a session can be found, by name of the index; `null` where the session has
 * none. Names are identifiers (`user_id`), values are text, hashed already where the config says
 * so.
 */
export type IndexValues = Readonly<Record<string, string | null>>;

/** How a session is written. */
export interface WriteOptions extends OperationOptions {
  /**
   * `"absent"`: create; a version: replace that very state; `"any"`: replace or create whatever is
   * there.
   */
  readonly expect: Expectation;
  /** When the session ends, in milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  /**
   * What the written session is found by from now on; always all indexes there are, or none at all,
   * but for those of {@link keeps}.
   */
  readonly index?: IndexValues;
  /**
   * Indexes that are not among `index`, in which the session stays what it is found by. Only where
   * a version is expected.
   */
  readonly keeps?: readonly string[];
}

/**
 * What a write did. A refused write brings back what is stored instead, so that a retry needs no
 * extra read.
 */
export type WriteResult =
  | { readonly ok: true; readonly version: Version }
  | { readonly ok: false; readonly current: StoredSession | undefined };

/** What every operation of a store accepts. */
export interface OperationOptions {
  /** Aborts the operation when the caller's deadline has passed. */
  readonly signal?: AbortSignal;
  /**
   * The caller stops waiting by himself when `signal` aborts: a store that has nothing to cancel
   * then need not look at it. The lifecycle does so, and makes its signal when it is first looked
   * at, which costs as much as some stores' whole operation.
   */
  readonly bounded?: boolean;
}

/** How an expiry is moved. */
export interface TouchOptions extends OperationOptions {
  /**
   * Only that very state is touched: another one may have another lifetime, or be no session at all
   * any more.
   */
  readonly expect?: Version;
  /** What the session is found by, for stores whose index entries expire by themselves. */
  readonly index?: IndexValues;
}

/**
 * What a touch found: the session, whose expiry it moved; another state than the expected one,
 * which it left alone; or nothing.
 */
export type TouchResult = "touched" | "changed" | "gone";

/** How a session is removed. */
export interface RemoveOptions extends OperationOptions {
  /** Only that very state is removed; without it, whatever is there. */
  readonly expect?: Version;
}

/** How {@link SessionStore.findByIndex} proceeds. */
export interface FindOptions extends OperationOptions {
  /**
   * Whose sessions are looked for: what stands before the dot of their keys; `""` where keys have
   * none.
   */
  readonly application: string;
  /**
   * Is told the keys that the index named, and under which there was no session of that value any
   * more when they were read. Such a session may have moved to a key that this lookup does not
   * name: who must not miss it looks again. For backends that do not read index and sessions at one
   * moment.
   */
  readonly onGone?: (key: string) => void;
}

/** How {@link SessionStore.findBeginnings} proceeds. */
export interface FindBeginningsOptions extends OperationOptions {
  /** Whose sessions are looked for, as in {@link FindOptions}. */
  readonly application: string;
  /** How many bytes of each payload are wanted; there are fewer where the payload is shorter. */
  readonly bytes: number;
}

/** A session that has a value, as far as it takes to count it. */
export interface FoundBeginning {
  readonly key: string;
  /** The first bytes of its payload. */
  readonly beginning: Uint8Array;
}

/** How {@link SessionStore.list} proceeds. */
export interface ListOptions extends OperationOptions {
  /** Whose sessions are listed, as in {@link FindOptions}. */
  readonly application: string;
}

/** A session that was listed. */
export interface ListedEntry {
  readonly key: string;
  readonly stored: StoredSession;
}

/** A session that was found by one of its values. */
export interface IndexedSession {
  readonly key: string;
  /** As it was read after the index had named it. */
  readonly stored: StoredSession;
  /**
   * Whether the backend itself says that this very state has the value. Without it the state may
   * have another one by now: who can decode it knows.
   */
  readonly confirmed: boolean;
}

/** How {@link SessionStore.sweep} proceeds. */
export interface SweepOptions extends OperationOptions {
  /** Whose expired sessions are deleted, as in {@link FindOptions}; without it, everybody's. */
  readonly application?: string;
  /** The most records to delete in this call. */
  readonly limit?: number;
  /** One for all calls of a sweep: each goes on where the one before ended. */
  readonly cursor?: SweepCursor;
}

/**
 * Where a sweep of several calls stands. The caller makes an empty one, and the store writes into
 * it; one that finds what has expired without looking for it leaves it as it is.
 */
export interface SweepCursor {
  /** Asks the store to find out {@link total}, which may take as long as some batches do. */
  readonly counts?: boolean;
  /** Whose meaning the store alone knows. */
  position?: unknown;
  /** How many records there are to look at, as of the first call. */
  total?: number;
  /** How many of them were looked at. */
  seen?: number;
  /**
   * All was looked at. Where a store says so, a call that deletes fewer than it may is not the last
   * one: it has looked at as many as it may.
   */
  done?: boolean;
}

/** A state of a session that is to be removed. */
export interface RemovedState {
  readonly key: string;
  readonly version: Version;
}

/**
 * Where sessions are kept. An expired session is absent to every operation, even if the backend has
 * not deleted it yet. Failures of the backend are thrown as `SessionError` with a `store/…` code.
 */
export interface SessionStore {
  /** The backend's kind, as in `session.config.ts`; used in events and messages. */
  readonly kind: string;
  /** `false`: conditional writes hold within this process only, so sessions cannot be locked. */
  readonly atomic?: false;
  /** The most bytes of a payload that it keeps; absent: more than 16 MiB. */
  readonly maxBytes?: number;
  /** Reads a session in one round trip; `undefined` when there is none or it has expired. */
  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined>;
  /**
   * Writes a session if the expectation holds, atomically on the server. Where a lost connection
   * hides whether it was written before it was refused, it throws: nobody may take their own write
   * for a conflict, and do it twice.
   * @param payload - part of a larger buffer: a store that keeps sessions in this process copies it
   */
  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult>;
  /** Moves the expiry of an existing session. Never creates; keeps the version. */
  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult>;
  /**
   * Deletes a session and what it was found by; `false` when there was none, or not the expected
   * one. Atomic on the server. Where a lost connection hides whether it was this that deleted it,
   * it throws: nobody may take their own removal for somebody else's.
   */
  remove(key: string, options?: RemoveOptions): Promise<boolean>;
  /**
   * Removes some hundred sessions at most, with fewer round trips: each as {@link remove} does with
   * its version for `expect`, and independently of the others. Absent where they are removed one by
   * one.
   * @returns for each whether it was removed
   */
  removeMany?(states: readonly RemovedState[], options?: OperationOptions): Promise<readonly boolean[]>;
  /**
   * Finds the live sessions of an application that were written with that value, in pages of some
   * hundred at most, each read in as few round trips as the backend allows. None is missing that
   * has the value all the while; one whose state changes meanwhile may come twice.
   */
  findByIndex?(index: string, value: string, options: FindOptions): AsyncIterable<readonly IndexedSession[]>;
  /**
   * Finds the same sessions as {@link findByIndex}, none twice, with no more of them than counting
   * takes. Absent where that is as much work, and where the backend does not say of each that this
   * very state has the value.
   */
  findBeginnings?(
    index: string,
    value: string,
    options: FindBeginningsOptions,
  ): AsyncIterable<readonly FoundBeginning[]>;
  /**
   * Lists the live sessions of an application, in pages of some hundred at most. Absent where a
   * backend would have to go through whatever it holds.
   */
  list?(options: ListOptions): AsyncIterable<readonly ListedEntry[]>;
  /**
   * Deletes expired sessions where the backend does not do so itself, with what is kept like one
   * for a while: the traces of those that ended or moved, and locks.
   * @returns how many records it deleted
   */
  sweep?(options?: SweepOptions): Promise<number>;
  /**
   * Releases what the store opened itself (never a client it was given). Calling it again does
   * nothing.
   */
  close(): Promise<void>;
}
