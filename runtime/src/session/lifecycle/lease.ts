import type { SessionRecord } from "../../codec/record/record.js";
import { SessionError } from "../../errors.js";
import type { StoredSession, Version } from "../../stores/store.js";
import { pause } from "../../time/pause.js";
import type { SessionContext } from "../context/options.js";
import { noIndexValues } from "../records/index-values.js";
import { keyBeside } from "../records/keys.js";
import { decodeStored, encodeStored } from "../records/stored-record.js";
import { newMark } from "./marks.js";
import { outcomeOf } from "./outcome.js";

/** How a session is locked. */
export interface LockOptions {
  /** How long to wait for others, in milliseconds. Default 5000. */
  readonly wait?: number;
  /**
   * After so many milliseconds without a sign of life the lock is free again, by the clock of the
   * sessions. Default 10000. While the function runs, a third of them is the time between two
   * signs.
   */
  readonly lease?: number;
}

/** The part of the envelope that tells a lease from a session, and what is in it: `true`. */
const PART = "lease";
const TRUE = Uint8Array.of(0xc3);

/** Tells whether what is stored is the lock of a session, and no session. */
export function isLease({ more }: SessionRecord): boolean {
  return more?.has(PART) ?? false;
}

/**
 * A lock that all processes see: a record beside the session, written where there is none, renewed
 * as long as it is needed, and removed. Its key is made from the session's and is nobody's cookie.
 * Who dies leaves it to expire.
 */
export class Lease {
  readonly #context: SessionContext;
  readonly #key: string;
  readonly #lease: number;
  /** Tells this lease from that of another holder. */
  readonly #mark = newMark();
  #version: Version | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The renewal under way; never rejects. */
  #renewing: Promise<void> = Promise.resolve();

  private constructor(context: SessionContext, key: string, lease: number) {
    this.#context = context;
    this.#key = keyBeside(key, "lock");
    this.#lease = lease;
  }

  /**
   * Waits until nobody else has it.
   * @param key - the one the session is stored under
   * @throws SessionError `session/locked` when that took too long; `store/…`
   */
  static async acquire(context: SessionContext, key: string, options: LockOptions): Promise<Lease> {
    const { wait = 5000, lease: lifetime = 10_000 } = options;
    const lease = new Lease(context, key, lifetime);
    // By the time that passes: the sessions' clock may stand still.
    const deadline = performance.now() + wait;
    for (let attempt = 0; !(await lease.#take()); attempt += 1) {
      const left = deadline - performance.now();
      if (left <= 0)
        throw new SessionError("session/locked", "Another request holds the lock of the session");
      // Longer and longer, and each after a time of its own: many who wait should not come all at
      // once.
      await pause(Math.min(left, 10 * 2 ** Math.min(attempt, 4) * (0.5 + Math.random())), undefined);
    }
    lease.#renewLater();
    return lease;
  }

  /**
   * Lets the next one have it. Never throws: what cannot be removed is tried again while it lasts,
   * and expires.
   */
  async release(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#renewing;
    clearTimeout(this.#timer);
    if (this.#version !== undefined) await this.#end(performance.now() + this.#lease);
  }

  /**
   * Whether it is there now. Where the answer is missing, it is looked for; where that fails, too,
   * it is ended as soon as possible.
   */
  async #take(): Promise<boolean> {
    try {
      return await this.#write("absent");
    } catch (error) {
      if (outcomeOf(error) === "refused") throw error;
      try {
        return this.#isMine(await this.#context.store.read(this.#key));
      } catch {
        void this.#end(performance.now() + this.#lease);
        throw error;
      }
    }
  }

  /** Removes it, now or, while the store does not answer, later. */
  async #end(until: number, attempt = 0): Promise<void> {
    const { store } = this.#context;
    try {
      if (this.#version === undefined && !this.#isMine(await store.read(this.#key))) return;
      await store.remove(this.#key, this.#version);
    } catch {
      const later = 50 * 2 ** attempt;
      if (performance.now() + later < until)
        setTimeout(() => void this.#end(until, attempt + 1), later).unref();
    }
  }

  #isMine(stored: StoredSession | undefined): boolean {
    if (stored === undefined) return false;
    try {
      const { marks } = decodeStored(this.#context, stored.payload, this.#key);
      if (!marks?.includes(this.#mark)) return false;
    } catch {
      return false;
    }
    this.#version = stored.version;
    return true;
  }

  #renewLater(): void {
    this.#timer = setTimeout(() => {
      this.#renewing = this.#renew();
    }, this.#lease / 3).unref();
  }

  async #renew(): Promise<void> {
    try {
      // Expired, and somebody else's by now: conflicts will tell.
      if (this.#version === undefined || !(await this.#write(this.#version))) return;
    } catch {
      // Out of reach for a moment: there is time for another try.
    }
    this.#renewLater();
  }

  async #write(expect: Version | "absent"): Promise<boolean> {
    const { clock, fields, store } = this.#context;
    const now = clock();
    const record = {
      createdAt: now,
      permanent: false,
      fields: new Map(),
      more: new Map([[PART, TRUE]]),
      marks: [this.#mark],
    };
    const key = this.#key;
    const payload = encodeStored(this.#context, record, key);
    const index = noIndexValues(fields);
    const result = await store.write({ key, payload, expect, expiresAt: now + this.#lease, index });
    this.#version = result.ok ? result.version : undefined;
    // One that was unclear has come late.
    return result.ok || this.#isMine(result.current);
  }
}
