import { createHash } from "node:crypto";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { applicationOf, keyPrefixOf } from "../shared/application.js";
import { conditionally } from "../shared/conditional-write.js";
import { decodeEnvelope, encodeEnvelope, encodeExpiry } from "../shared/envelope.js";
import { drain, Gate, mayRepeat, signalOf, untilAborted } from "../shared/gate.js";
import { randomVersion } from "../shared/version.js";
import type {
  FindOptions,
  IndexedSession,
  IndexValues,
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import { connect, type RedisConnectionOptions } from "./client.js";
import type { RedisArgument, RedisConnection } from "./connection.js";
import { describe, isLost, isUndone } from "./errors.js";
import { encodeRequest } from "./request.js";
import {
  hintScript,
  pageScript,
  removeScript,
  runScript,
  type Script,
  touchScript,
  writeScript,
} from "./scripts.js";

export type { RedisClient, RedisDriver } from "./client.js";
export type { RedisSentinelOptions } from "./connection.js";

/** Options of {@link redisStore}. */
export interface RedisStoreOptions extends RedisConnectionOptions {
  /** What every key begins with. Default `session:`. */
  readonly prefix?: string;
  /** The current time; `Date.now` unless replaced. Expiry in Redis itself goes by the server's clock. */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in Redis 6 or later, or Valkey; single, behind Sentinel, or as a cluster; through ioredis or node-redis. One
 * string per session, with version and expiry in front of the payload; one sorted set per value of an index. Conditional
 * operations are scripts, so they are atomic on the server.
 *
 * A connection that was lost is made anew. Reads, touches and conditional writes are repeated then; a write `expect`ing
 * `"any"` and a removal only where they cannot have been done, so they may fail with `store/unavailable`.
 */
export function redisStore(options: RedisStoreOptions): SessionStore {
  return new RedisStore(options);
}

/** How many sessions a lookup reads at a time. */
const PAGE = 100;

/** What {@link touchScript} answers. */
const touchResults: readonly TouchResult[] = ["gone", "touched", "changed"];

/** What an operation is, as far as failures go. */
interface Kind {
  readonly reading: boolean;
  /** Whether it is repeated after such an error. */
  repeats(error: unknown): boolean;
}

const reading: Kind = { reading: true, repeats: isLost };
const repeatable: Kind = { reading: false, repeats: isLost };
const once: Kind = { reading: false, repeats: isUndone };

class RedisStore implements SessionStore {
  readonly kind = "redis";
  readonly #options: RedisStoreOptions;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #gate = new Gate("redis");
  #connecting: Promise<RedisConnection> | undefined;
  #connection: RedisConnection | undefined;
  #ended = false;
  /** Whether the server turned out to be a cluster behind a client that does not know. */
  #sharded = false;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#prefix = options.prefix ?? "session:";
    this.#clock = options.clock ?? Date.now;
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const name = this.#prefix + key;
    const live = (bytes: unknown) => (bytes === null ? undefined : this.#live(bytes as Buffer));
    return this.#run(reading, options, (connection) => connection.send("get", name, [name]).then(live));
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const { expect, expiresAt, index } = options;
    const version = randomVersion();
    const text = version.toString("hex");
    const record = encodeEnvelope(version, expiresAt, payload);
    const result = (reply: unknown): WriteResult => {
      if (!(reply instanceof Uint8Array)) {
        return reply === null ? { ok: false, current: undefined } : { ok: true, version: text };
      }
      const current = this.#live(Buffer.from(reply));
      // A lost connection may have hidden that this very write was done already.
      if (current?.version === text) return { ok: true, version: text };
      return { ok: false, current };
    };
    const work = (connection: RedisConnection): Promise<WriteResult> => {
      const request = encodeRequest(this.#clock(), expect, record);
      return this.#change(connection, writeScript, key, request, expiresAt, index).then(result);
    };
    if (expect === "any") return this.#run(once, options, work);
    return conditionally("redis", isLost, isUndone, (repeats) =>
      this.#run({ reading: false, repeats }, options, work),
    );
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    return this.#run(repeatable, options, async (connection) => {
      const request = encodeRequest(this.#clock(), options?.expect ?? "any", encodeExpiry(expiresAt));
      const reply = await this.#change(connection, touchScript, key, request, expiresAt, options?.index);
      return touchResults[Number(reply)] ?? "gone";
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#run(once, options, async (connection) => {
      const request = encodeRequest(this.#clock(), options?.expect ?? "any");
      return isOne(await runScript(connection, removeScript, [this.#prefix + key], [request]));
    });
  }

  async *findByIndex(
    index: string,
    value: string,
    { application, ...options }: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    const set = this.#setOf(application, index, value);
    let from: readonly RedisArgument[] = [this.#now(), String(PAGE)];
    for (;;) {
      const page = (await this.#run(reading, options, (connection) =>
        runScript(connection, pageScript, [set], from),
      )) as Buffer[];
      const keys = page.flatMap((key, position) => (position % 2 === 0 ? [String(key)] : []));
      const found = await Promise.all(
        keys.map(async (key) => ({ key, stored: await this.read(key, options) })),
      );
      yield found.flatMap(({ key, stored }) => (stored ? [{ key, stored, confirmed: false }] : []));
      const [key, score] = page.slice(-2);
      if (page.length < 2 * PAGE || key === undefined || score === undefined) return;
      from = [`(${score}`, String(PAGE), key, score];
    }
  }

  async close(): Promise<void> {
    if (!this.#gate.close()) return;
    await drain(this.#gate);
    this.#ended = true;
    const connection = await this.#connecting?.catch(() => undefined);
    await connection?.close();
  }

  /**
   * Runs a script that changes a session and enters it into the sets of its index. On one server that is one script, all or
   * nothing. In a cluster the sets live on other nodes: the session is entered there first, so that whatever fails in between
   * leaves an entry without a session, never a session that cannot be found.
   */
  #change(
    connection: RedisConnection,
    script: Script,
    key: string,
    request: Buffer,
    expiresAt: number,
    index: IndexValues | undefined,
  ): Promise<unknown> {
    const sets =
      index === undefined
        ? []
        : Object.entries(index).flatMap(([column, value]) =>
            value === null ? [] : [this.#setOf(applicationOf(key), column, value)],
          );
    if (sets.length > 0) return this.#changeAndEnter(connection, script, key, request, expiresAt, sets);
    return runScript(connection, script, [this.#prefix + key], [request]);
  }

  async #changeAndEnter(
    connection: RedisConnection,
    script: Script,
    key: string,
    request: Buffer,
    expiresAt: number,
    sets: readonly string[],
  ): Promise<unknown> {
    const name = this.#prefix + key;
    const entry = [key, String(expiresAt)];
    if (!connection.cluster && !this.#sharded) {
      try {
        return await runScript(connection, script, [name, ...sets], [request, ...entry]);
      } catch (error) {
        if (!(error instanceof Error) || !/CROSSSLOT/.test(error.message)) throw error;
        this.#sharded = true;
      }
    }
    const hint = [this.#now(), ...entry];
    await Promise.all(sets.map((set) => runScript(connection, hintScript, [set], hint)));
    return runScript(connection, script, [name], [request]);
  }

  /** The key of the set of a value; names of indexes contain neither `:` nor `#`. */
  #setOf(application: string, index: string, value: string): string {
    const short = Buffer.byteLength(value) <= 64;
    const tail = short ? `:${value}` : `#${createHash("sha256").update(value).digest("base64url")}`;
    return `${this.#prefix}${keyPrefixOf(application)}by:${index}${tail}`;
  }

  #live(bytes: Buffer): StoredSession | undefined {
    const session = decodeEnvelope(bytes);
    return session !== undefined && session.expiresAt > this.#clock() ? session : undefined;
  }

  #now(): string {
    return String(this.#clock());
  }

  async #run<T>(
    { reading, repeats }: Kind,
    options: OperationOptions | undefined,
    work: (connection: RedisConnection) => Promise<T>,
  ): Promise<T> {
    // There is nothing to cancel: a command that was sent is done or not, whoever still waits for it.
    const signal = signalOf(options);
    this.#gate.begin(signal);
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await untilAborted("redis", this.#connected(work), signal);
        } catch (error) {
          if (!repeats(error) || !(await mayRepeat(attempt, options))) throw error;
        }
      }
    } catch (error) {
      throw describe(error, reading);
    } finally {
      this.#gate.end();
    }
  }

  #connected<T>(work: (connection: RedisConnection) => Promise<T>): Promise<T> {
    // What the disconnection interrupts is not tried again.
    if (this.#ended) throw new SessionError("store/closed", "The redis store is closed");
    if (this.#connection !== undefined) return work(this.#connection);
    this.#connecting ??= connect(this.#options).then((connection) => {
      this.#connection = connection;
      return connection;
    });
    return this.#connecting.then(work);
  }
}

/** An ioredis client with `stringNumbers` gives integers as text. */
function isOne(reply: unknown): boolean {
  return Number(reply) === 1;
}
