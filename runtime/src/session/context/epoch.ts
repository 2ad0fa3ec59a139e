import { randomBytes } from "node:crypto";
import { decodeRecord, encodeRecord } from "../../codec/record/codec.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import { SessionError } from "../../errors.js";
import type { IndexValues, StoredSession, Version } from "../../stores/store.js";
import type { Clock } from "../../time/clock.js";
import type { StoreAccess } from "../lifecycle/store-access.js";
import { epochKey } from "../records/keys.js";
import { contended } from "./refusals.js";

/**
 * For how long a process goes by what it has read, in milliseconds: so late does it notice what
 * another one revoked.
 */
const FRESH = 5000;

/** For how long the record is kept, in milliseconds; it is prolonged once half of that is over. */
const LIFE = 400 * 24 * 60 * 60_000;

/** What is known of an application's epoch. */
interface Known {
  /** The number in its sessions; `undefined`: there is none yet, or it was lost. */
  readonly number: number | undefined;
  /** When everybody was logged out the last time; 0: never yet. */
  readonly since: number;
  /** When it was asked for, by the sessions' clock. */
  readonly at: number;
  /** The later it was asked for, the higher. */
  readonly order: number;
}

/** A reading under way. */
interface Reading {
  readonly order: number;
  readonly done: Promise<Known>;
}

/** Whose epoch it is, where it is not the store's application or where its beginning matters. */
export interface EpochOwner {
  /** The application's tag; by default the store's. */
  readonly application?: string;
  /**
   * Is called before the application's first session, or the first one after the record was lost:
   * there is none then that is older.
   */
  readonly begin?: () => Promise<void>;
  /** Is called before this process writes in an epoch whose number another one has made. */
  readonly enter?: () => Promise<void>;
}

/**
 * The epoch of an application's sessions: a random number that every one of them carries from its
 * beginning to its end. To log everybody out is to draw another number. It is one record in the
 * store, and what a process has read of it holds for at most 5 seconds. Where the record is lost,
 * everybody is out.
 *
 * Stores without conditional writes between processes have none: two processes that begin at once
 * would each make their own.
 */
export class Epoch {
  readonly #store: StoreAccess;
  readonly #clock: Clock;
  readonly #index: IndexValues | undefined;
  readonly #application: string;
  readonly #begin: () => Promise<void>;
  readonly #enter: () => Promise<void>;
  /** The number that this process has entered with, or is about to. */
  #entered: number | undefined;
  #entering: Promise<void> | undefined;
  #known: Known | undefined;
  #reading: Reading | undefined;
  #making: Promise<number> | undefined;
  #order = 0;

  /**
   * @param index - what the store is told of a record that is found by nothing
   */
  constructor(
    store: StoreAccess,
    clock: Clock,
    index: IndexValues | undefined,
    { application = store.application, begin = async () => {}, enter = async () => {} }: EpochOwner = {},
  ) {
    this.#application = application;
    this.#store = store;
    this.#clock = clock;
    this.#index = index;
    this.#begin = begin;
    this.#enter = enter;
  }

  /**
   * Begins to read it, where what is known is too old, beside the session that needs it: nobody
   * waits for one after the other. Never throws; who asks then is told what failed.
   */
  prepare(): void {
    try {
      if (!this.#isKept || this.#fresh() !== undefined || this.#reading !== undefined) return;
      this.#read().catch(() => {});
    } catch {
      // The store cannot even be opened, which its own read says, too.
    }
  }

  /**
   * Tells whether a stored session is one of those that `revokeAll` ended. Another number than the
   * known one may also be newer than that: the store is asked once more before the answer is yes.
   * @throws SessionError `store/…`
   */
  isOver(record: Pick<SessionRecord, "epoch" | "createdAt">): boolean | Promise<boolean> {
    if (!this.#isKept) return false;
    const known = this.#fresh();
    return known !== undefined && admits(known, record) ? false : this.#isOverFor(record, this.#order);
  }

  /**
   * Gives the number for a session that begins, or that has none; makes it where there is none.
   * `undefined`: sessions of this store have none.
   * @throws SessionError `store/…`
   */
  current(): number | undefined | Promise<number> {
    if (!this.#isKept) return undefined;
    const number = this.#fresh()?.number;
    if (number !== undefined) return number;
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /**
   * Gives what a write has to wait for: in an epoch whose number another process has made, what is
   * to be done before the first one. `undefined`: nothing, nearly always.
   * @throws SessionError `store/…`
   */
  enter(): Promise<void> | undefined {
    const number = this.#known?.number;
    if (number === undefined || number === this.#entered) return this.#entering;
    this.#entered = number;
    const entering = this.#enter().then(
      () => {
        this.#entering = undefined;
      },
      (error: unknown) => {
        // The next write tries again.
        this.#entered = undefined;
        this.#entering = undefined;
        throw error;
      },
    );
    this.#entering = entering;
    return entering;
  }

  /**
   * Logs everybody out: this process knows at once, others within 5 seconds.
   * @throws SessionError `session/no-revoke-all` where there is none; `store/…` when nobody knows
   *   whether it was done
   */
  async renew(): Promise<void> {
    if (!this.#isKept) {
      throw new SessionError(
        "session/no-revoke-all",
        this.#store.carrier === undefined
          ? "The store cannot keep what would log everybody out: it has no conditional writes that hold between processes"
          : "Sessions that travel in their cookie cannot be revoked",
      );
    }
    try {
      const { number: before } = await this.#read();
      if (before === undefined) await this.#begin();
      await this.#write({ number: draw(), since: this.#clock() }, "any");
    } catch (error) {
      // Perhaps it was done all the same.
      this.#known = undefined;
      throw error;
    }
  }

  /** Where it is kept, and what the store is told of it. */
  get #record(): { readonly key: string; readonly index: IndexValues | undefined } {
    return { key: epochKey(this.#application), index: this.#index };
  }

  get #isKept(): boolean {
    return this.#store.canLock;
  }

  async #isOverFor(record: Pick<SessionRecord, "epoch" | "createdAt">, order: number): Promise<boolean> {
    const known = this.#fresh() ?? (await (this.#reading?.done ?? this.#read()));
    if (admits(known, record)) return false;
    // Asked for before this session was read: the session may be one of a newer epoch.
    return known.order > order || !admits(await this.#readAfter(order), record);
  }

  /** What is known, unless it is too old. A clock that was set back tells nothing. */
  #fresh(): Known | undefined {
    if (this.#known === undefined) return undefined;
    const age = this.#clock() - this.#known.at;
    return age >= 0 && age < FRESH ? this.#known : undefined;
  }

  #readAfter(order: number): Promise<Known> {
    return this.#reading !== undefined && this.#reading.order > order ? this.#reading.done : this.#read();
  }

  #read(): Promise<Known> {
    const order = this.#next();
    const at = this.#clock();
    const done = this.#load().then((found) => this.#learn({ ...found, at, order }));
    const reading = { order, done };
    this.#reading = reading;
    const settled = (): void => {
      if (this.#reading === reading) this.#reading = undefined;
    };
    done.then(settled, settled);
    return done;
  }

  async #load(): Promise<Pick<Known, "number" | "since">> {
    const stored = await this.#store.read(this.#record.key);
    if (stored === undefined) return nothing;
    const { expiresAt, version } = stored;
    const now = this.#clock();
    // What fails here is tried again in some seconds, for half a year and more.
    if (expiresAt - now < LIFE / 2)
      this.#store.touch({ ...this.#record, expiresAt: now + LIFE, expect: version }).catch(() => {});
    return decoded(stored);
  }

  async #make(): Promise<number> {
    const known = await (this.#reading?.done ?? this.#read());
    if (known.number !== undefined) return known.number;
    // Before the record: whoever sees that has to find what is noted with it.
    await this.#begin();
    let expect: Version | "absent" = "absent";
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const number = draw();
      const current = await this.#write({ number, since: 0 }, expect);
      if (current === undefined) return number;
      const theirs = decoded(current);
      if (theirs.number !== undefined) {
        this.#learn({ ...theirs, at: this.#clock(), order: this.#next() });
        return theirs.number;
      }
      // What cannot be read is as good as lost.
      expect = current.version;
    }
    throw contended();
  }

  /** Writes it, and knows it from then on; gives back what is stored instead. */
  async #write(
    { number, since }: { readonly number: number; readonly since: number },
    expect: Version | "absent" | "any",
  ): Promise<StoredSession | undefined> {
    const at = this.#clock();
    const record = { createdAt: since, permanent: false, fields: new Map(), epoch: number };
    // In the format that every version reads, whatever becomes of the packed one.
    const payload = encodeRecord(record, [], "json");
    const result = await this.#store.write({ ...this.#record, payload, expect, expiresAt: at + LIFE });
    if (result.ok) {
      // Whoever makes it has begun, or gone by the one before.
      this.#entered = number;
      this.#learn({ number, since, at, order: this.#next() });
    }
    return result.ok ? undefined : result.current;
  }

  /** Keeps what was asked for last, which is not always what is answered last. */
  #learn(found: Known): Known {
    if (this.#known === undefined || this.#known.order < found.order) this.#known = found;
    return this.#known;
  }

  #next(): number {
    this.#order += 1;
    return this.#order;
  }
}

const nothing = { number: undefined, since: 0 } as const;

/**
 * Whether a session goes on. One without a number was not begun by this library: it goes on if it
 * is younger than the epoch.
 */
function admits(
  { number, since }: Known,
  { epoch, createdAt }: Pick<SessionRecord, "epoch" | "createdAt">,
): boolean {
  return epoch === undefined ? since === 0 || createdAt > since : epoch === number;
}

function decoded({ payload }: StoredSession): Pick<Known, "number" | "since"> {
  try {
    const { epoch, createdAt } = decodeRecord(payload, [], { now: 0 });
    return epoch === undefined ? nothing : { number: epoch, since: createdAt };
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return nothing;
  }
}

function draw(): number {
  return randomBytes(4).readUInt32BE();
}
