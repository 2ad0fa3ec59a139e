import { createHash } from "node:crypto";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { timedOut } from "../../time/deadline.js";
import type {
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  SweepCursor,
  SweepOptions,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import { Connector } from "./connector.js";
import { decodeEnvelope, encodeEnvelope } from "./envelope.js";
import { isExpected } from "./expectation.js";
import { KeyLocks } from "./key-locks.js";
import { randomVersion } from "./version.js";

/** A backend that can get, set and remove, and nothing else. */
export interface KeyValues {
  /** Reads the text under a key; anything but text is no session. */
  get(key: string): Promise<unknown>;
  /**
   * Puts text under a key, whatever is there.
   * @param lifetime - after how many milliseconds the backend may delete it
   */
  set(key: string, value: string, lifetime: number): Promise<void>;
  remove(key: string): Promise<void>;
  /** Keys of sessions, where they can be listed; others in between are skipped. */
  keys?(): AsyncIterable<string>;
}

/** What a {@link KeyValueStore} is made from. */
export interface KeyValueStoreOptions {
  /** The backend's kind, for messages. */
  readonly kind: string;
  /** What every key begins with. */
  readonly prefix: string;
  readonly clock: Clock | undefined;
  /** The backend may hold sessions that have expired. */
  readonly sweeps: boolean;
  /**
   * Opens it. Asked for at the first use. `owner` is the application's object: stores with the same
   * one take turns.
   */
  open(): Promise<{ readonly owner: object; readonly values: KeyValues }>;
}

interface Opened {
  readonly values: KeyValues;
  readonly locks: KeyLocks;
}

/**
 * Sessions in a backend without conditional writes. Within a process, the operations on one session
 * take turns, and are as atomic as those of any store. Between processes they are not: what another
 * process writes between reading and writing here is lost.
 */
export class KeyValueStore implements SessionStore {
  readonly kind: string;
  readonly atomic = false;
  readonly sweep?: (options?: SweepOptions) => Promise<number>;
  readonly #options: KeyValueStoreOptions;
  readonly #clock: Clock;
  readonly #connector: Connector<Opened>;

  constructor(options: KeyValueStoreOptions) {
    this.kind = options.kind;
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    this.#connector = new Connector({
      kind: this.kind,
      open: async () => {
        const { owner, values } = await options.open();
        return { values, locks: locksOf(owner) };
      },
      // What was told that it is too late may still be at work.
      close: ({ locks }) => locks.idle(),
      describe: (error) => describe(this.kind, error),
    });
    if (options.sweeps) this.sweep = (sweepOptions) => this.#sweep(sweepOptions);
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const name = this.#name(key);
    // Not while somebody writes: there are drivers that replace a file in place, and half of it can
    // be read meanwhile.
    return this.#connector.run(options, ({ values, locks }) =>
      locks.shared(name, () => this.#live(values, name)),
    );
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const { expect, expiresAt } = options;
    return this.#alone<WriteResult>(this.#name(key), options, async (values, name) => {
      if (expect !== "any") {
        const current = await this.#live(values, name);
        if (expect !== (current?.version ?? "absent")) return { ok: false, current };
      }
      const version = randomVersion();
      await this.#set(values, name, encodeEnvelope(version, expiresAt, payload), expiresAt);
      return { ok: true, version: version.toString("hex") };
    });
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    return this.#alone<TouchResult>(this.#name(key), options, async (values, name) => {
      const current = await this.#live(values, name);
      if (current === undefined) return "gone";
      if (!isExpected(current, options)) return "changed";
      const version = Buffer.from(current.version, "hex");
      await this.#set(values, name, encodeEnvelope(version, expiresAt, current.payload), expiresAt);
      return "touched";
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#alone(this.#name(key), options, async (values, name) => {
      const current = await this.#live(values, name);
      if (current === undefined) return false;
      if (!isExpected(current, options)) return false;
      await values.remove(name);
      return true;
    });
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  /**
   * Goes through the keys. In steps, each looks at no more of them than it may delete, and goes on
   * where the one before ended.
   */
  async #sweep(options: SweepOptions = {}): Promise<number> {
    const { limit = Number.POSITIVE_INFINITY, cursor, application } = options;
    const { values } = await this.#connector.run(options, (opened) => opened);
    const keys =
      (cursor?.position as AsyncIterator<string> | undefined) ?? values.keys?.()[Symbol.asyncIterator]();
    let swept = 0;
    let seen = 0;
    let done = keys === undefined;
    while (!done && swept < limit && (cursor === undefined || seen < limit)) {
      const next = await keys?.next();
      if (next === undefined || next.done === true) {
        done = true;
      } else {
        seen += 1;
        if (await this.#removeExpired(next.value, application, options)) swept += 1;
      }
    }
    if (cursor === undefined) await keys?.return?.();
    else
      Object.assign(cursor, { position: keys, done, seen: (cursor.seen ?? 0) + seen } satisfies SweepCursor);
    return swept;
  }

  async #removeExpired(
    key: string,
    application: string | undefined,
    options: OperationOptions,
  ): Promise<boolean> {
    // Only the end of a key is looked at: some backends put something of their own in front.
    const [id, itsTag] = /[0-9a-f]{64}(-[\w-]+)?$/.exec(key) ?? [];
    if (id === undefined || (application && itsTag !== `-${application}`)) return false;
    return this.#alone(this.#options.prefix + id, options, async (values, name) => {
      const session = decode(await values.get(name));
      if (session === undefined || session.expiresAt > this.#clock()) return false;
      await values.remove(name);
      return true;
    });
  }

  /**
   * Keys are hashed: 64 characters that every backend takes, and tells apart where it ignores case.
   * The tag is for sweeps.
   */
  #name(key: string): string {
    const [tag = ""] = /^[\w-]+(?=\.)/.exec(key) ?? [];
    const id = createHash("sha256").update(key).digest("hex");
    return this.#options.prefix + (tag === "" ? id : `${id}-${tag}`);
  }

  async #live(values: KeyValues, name: string): Promise<StoredSession | undefined> {
    const session = decode(await values.get(name));
    return session !== undefined && session.expiresAt > this.#clock() ? session : undefined;
  }

  #set(values: KeyValues, name: string, envelope: Buffer, expiresAt: number): Promise<void> {
    const value = envelope.toString("base64") + END;
    return values.set(name, value, Math.max(1, Math.ceil(expiresAt - this.#clock())));
  }

  #alone<T>(
    name: string,
    options: OperationOptions | undefined,
    work: (values: KeyValues, name: string) => Promise<T>,
  ): Promise<T> {
    return this.#connector.run(options, ({ values, locks }) =>
      locks.alone(name, () => {
        const signal = options?.signal;
        if (signal?.aborted) throw timedOut(this.kind, signal.reason);
        return work(values, name);
      }),
    );
  }
}

const locks = new WeakMap<object, KeyLocks>();

function locksOf(owner: object): KeyLocks {
  const known = locks.get(owner) ?? new KeyLocks();
  locks.set(owner, known);
  return known;
}

/**
 * After every session: where a driver replaces a file in place, a full disk or a crash leaves its
 * beginning alone.
 */
const END = ".";

function decode(value: unknown): StoredSession | undefined {
  if (typeof value !== "string" || !value.endsWith(END)) return undefined;
  return decodeEnvelope(Buffer.from(value.slice(0, -END.length), "base64"));
}

/**
 * What drivers throw is their own affair; what Node says of files and connections is passed on by
 * most.
 */
function describe(kind: string, cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  switch (cause instanceof Error && "code" in cause ? cause.code : undefined) {
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new SessionError("store/read-only", `What is behind the ${kind} store cannot be written`, {
        cause,
      });
    case "ENOSPC":
    case "EDQUOT":
      return new SessionError("store/full", `There is no room left behind the ${kind} store`, { cause });
    case "ETIMEDOUT":
      return timedOut(kind, cause);
    default:
      return new SessionError("store/unavailable", `What is behind the ${kind} store failed`, { cause });
  }
}
