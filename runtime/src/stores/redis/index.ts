import type { Clock } from "../../time/clock.js";
import { conditionally } from "../shared/conditional-write.js";
import { Connector, type RunOptions } from "../shared/connector.js";
import { decodeEnvelope, encodeEnvelope, encodeExpiry, hasTerm, termsIn } from "../shared/envelope.js";
import { decodeTerms, encodeTerms, keptTerms, termOf, termsOf } from "../shared/index-terms.js";
import { randomVersion } from "../shared/version.js";
import type {
  FindBeginningsOptions,
  FindOptions,
  FoundBeginning,
  IndexedSession,
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import { beginningsIn } from "./beginnings.js";
import { connect, type RedisConnectionOptions } from "./client.js";
import type { RedisArgument, RedisConnection } from "./connection.js";
import { describe, isLost, isUndone } from "./errors.js";
import { RedisNames } from "./item.js";
import { type Member, type Pages, readPage, SESSIONS } from "./page.js";
import { Placement } from "./placement.js";
import { completeRequest, encodeRequest, REQUEST_HEADER } from "./request.js";
import {
  enterScript,
  leaveScript,
  purgeScript,
  purgeSettledScript,
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
  /**
   * The current time; `Date.now` unless replaced. Expiry in Redis itself goes by the server's
   * clock.
   */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in Redis 6 or later, or Valkey; single, behind Sentinel, or as a cluster; through
 * ioredis or node-redis. One string per session, with version, expiry and what it is found by in
 * front of the payload; one sorted set per value of an index. Conditional operations are scripts,
 * so they are atomic on the server, and take a session's entries in the sets along. In a cluster,
 * where the sets are on other nodes, entries are made before the session is written and taken away
 * after it; what is left by a process that died in between is taken away by whoever looks the value
 * up.
 *
 * A connection that was lost is made anew. Reads, touches and conditional writes are repeated then;
 * a write `expect`ing `"any"` and a removal only where they cannot have been done, so they may fail
 * with `store/unavailable`.
 */
export function redisStore(options: RedisStoreOptions): SessionStore {
  return new RedisStore(options);
}

/** What {@link touchScript} answers. */
const touchResults: readonly TouchResult[] = ["gone", "touched", "changed"];

const describeReading = (error: unknown) => describe(error, true);
const describeWriting = (error: unknown) => describe(error, false);
const reading: RunOptions = { describe: describeReading };
const once: RunOptions = { describe: describeWriting, repeats: isUndone };
const conditional = conditionally("redis", isLost, isUndone, describeWriting);

class RedisStore implements SessionStore {
  readonly kind = "redis";
  readonly #names: RedisNames;
  readonly #clock: Clock;
  readonly #connector: Connector<RedisConnection>;
  readonly #placement = new Placement();

  constructor(options: RedisStoreOptions) {
    this.#names = new RedisNames(options.prefix ?? "session:");
    this.#clock = options.clock ?? Date.now;
    this.#connector = new Connector({
      kind: this.kind,
      open: () => connect(options),
      close: (connection) => connection.close(),
      isLost,
      describe: describeWriting,
    });
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const name = this.#names.of(key);
    const live = (bytes: unknown) => (bytes === null ? undefined : this.#live(bytes as Buffer));
    return this.#connector.run(
      options,
      (connection) => connection.send("get", name, [name]).then(live),
      reading,
    );
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const { index, keeps } = options;
    if (keeps !== undefined) return this.#writeKeeping(key, payload, options, keeps);
    return this.#write(key, payload, options, termsOf(index));
  }

  /** Adds the terms that the expected state has in those indexes. */
  async #writeKeeping(
    key: string,
    payload: Uint8Array,
    options: WriteOptions,
    keeps: readonly string[],
  ): Promise<WriteResult> {
    const name = this.#names.of(key);
    const bytes = await this.#connector.run(
      options,
      (connection) => connection.send("get", name, [name]),
      reading,
    );
    const before = bytes === null ? [] : decodeTerms(termsIn(Buffer.from(bytes as Uint8Array)));
    const terms = [...termsOf(options.index), ...keptTerms(before, keeps)];
    return this.#write(key, payload, options, terms);
  }

  #write(
    key: string,
    payload: Uint8Array,
    options: WriteOptions,
    terms: readonly string[],
  ): Promise<WriteResult> {
    const { expect, expiresAt, index } = options;
    const version = randomVersion();
    const text = version.toString("hex");
    const bytes = encodeEnvelope(version, expiresAt, payload, encodeTerms(terms), REQUEST_HEADER);
    const result = (reply: unknown): WriteResult => {
      if (reply !== null && !(reply instanceof Uint8Array)) return { ok: true, version: text };
      const current = reply === null ? undefined : this.#live(Buffer.from(reply));
      // A lost connection may have hidden that this very write was done already.
      if (current?.version === text) return { ok: true, version: text };
      return { ok: false, current };
    };
    const work = (connection: RedisConnection): Promise<WriteResult> => {
      const request = completeRequest(bytes, this.#clock(), expect, { keepsTerms: index === undefined });
      if (index === undefined) return this.#alone(connection, writeScript, key, request, result);
      const enter = () => this.#enter(connection, key, terms, expiresAt, version);
      return this.#change(connection, writeScript, key, request, enter).then(result);
    };
    return this.#connector.run(options, work, expect === "any" ? once : conditional);
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    const expect = options?.expect;
    const terms = termsOf(options?.index);
    return this.#connector.run(options, async (connection) => {
      const request = encodeRequest(this.#clock(), expect ?? "any", encodeExpiry(expiresAt));
      const version = expect === undefined ? undefined : Buffer.from(expect, "hex");
      const enter = () => this.#enter(connection, key, terms, expiresAt, version);
      return touchResults[Number(await this.#change(connection, touchScript, key, request, enter))] ?? "gone";
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    const work = async (connection: RedisConnection): Promise<boolean> => {
      const request = encodeRequest(this.#clock(), options?.expect ?? "any");
      const reply = await this.#change(connection, removeScript, key, request);
      // An ioredis client with `stringNumbers` gives integers as text.
      return Array.isArray(reply) || Number(reply) === 1;
    };
    return this.#connector.run(options, work, once);
  }

  async *findByIndex(
    index: string,
    value: string,
    { application, onGone, ...options }: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    const set = this.#names.set(application, index, value);
    const term = termOf(index, value);
    const wanted = Buffer.from(term);
    for (let from: readonly RedisArgument[] = []; ; ) {
      const read = (connection: RedisConnection) => readPage(connection, this.#pages(set), from);
      const page = await this.#connector.run(options, read, reading);
      const found: IndexedSession[] = [];
      const dead: Member[] = [];
      for (const { member, bytes } of page) {
        // What has another value by now is dead here, whatever the clock of this process says of
        // its end.
        if (bytes === null || !hasTerm(bytes, wanted)) {
          dead.push(member);
          continue;
        }
        const stored = this.#live(bytes);
        if (stored !== undefined) found.push({ key: member[0], stored, confirmed: true });
      }
      for (const [key] of dead) onGone?.(key);
      if (dead.length > 0) await this.#purge(set, term, dead, options);
      yield found;
      const last = page.at(-1)?.member;
      if (last === undefined || page.length < SESSIONS) return;
      from = last;
    }
  }

  findBeginnings(
    index: string,
    value: string,
    { application, bytes, ...options }: FindBeginningsOptions,
  ): AsyncIterable<readonly FoundBeginning[]> {
    return beginningsIn({
      run: (work) => this.#connector.run(options, work, reading),
      pages: this.#pages(this.#names.set(application, index, value)),
      term: Buffer.from(termOf(index, value)),
      bytes,
      clock: this.#clock,
    });
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  #pages(set: string): Pages {
    return { placement: this.#placement, names: this.#names, set };
  }

  /**
   * Takes entries away that were found dead. Never throws: they are for the next lookup to find.
   */
  async #purge(set: string, term: string, dead: readonly Member[], options: OperationOptions): Promise<void> {
    const work = async (connection: RedisConnection): Promise<void> => {
      if (!this.#placement.isApart(connection)) {
        const keys = dead.map(([key]) => key);
        try {
          await runScript(connection, purgeScript, [set], [this.#names.prefix, term, ...keys]);
          return;
        } catch (error) {
          if (!this.#placement.turnsOutApart(error)) throw error;
        }
      }
      await runScript(connection, purgeSettledScript, [set], dead.flat());
    };
    await this.#connector.run(options, work).catch(() => {});
  }

  /** Runs a script that changes a session and nothing else. */
  #alone<T>(
    connection: RedisConnection,
    script: Script,
    key: string,
    request: Buffer,
    read?: (reply: unknown) => T,
  ): Promise<T> {
    return runScript(connection, script, [this.#names.of(key)], [request], read);
  }

  /**
   * Runs a script that changes a session and the sets it is found through. On one server that is
   * one script, all or nothing. In a cluster the sets live on other nodes: the session is entered
   * there first, so that whatever fails in between, none is ever missing; what it is not found by
   * any more is taken away afterwards, which may fail, for lookups do it, too.
   *
   * @param enter - enters it into the sets, where that is a step of its own
   */
  async #change(
    connection: RedisConnection,
    script: Script,
    key: string,
    request: Buffer,
    enter?: () => Promise<unknown>,
  ): Promise<unknown> {
    const sets = this.#names.setsOf(key);
    if (!this.#placement.isApart(connection)) {
      try {
        return await runScript(connection, script, [this.#names.of(key)], [request, key, sets]);
      } catch (error) {
        if (!this.#placement.turnsOutApart(error)) throw error;
      }
    }
    await enter?.();
    const reply = await this.#alone(connection, script, key, request);
    if (Array.isArray(reply)) {
      const [version, ...terms] = reply as [Buffer, ...Buffer[]];
      const leave = (term: Buffer) => runScript(connection, leaveScript, [sets + term], [key, version]);
      await Promise.allSettled(terms.map(leave));
    }
    return reply;
  }

  #enter(
    connection: RedisConnection,
    key: string,
    terms: readonly string[],
    expiresAt: number,
    version: Buffer | undefined,
  ): Promise<unknown> {
    const sets = this.#names.setsOf(key);
    const lifetime = String(Math.max(1, Math.ceil(expiresAt - this.#clock())));
    const entry = [key, lifetime, ...(version === undefined ? [] : [version])];
    return Promise.all(terms.map((term) => runScript(connection, enterScript, [sets + term], entry)));
  }

  #live(bytes: Buffer): StoredSession | undefined {
    const session = decodeEnvelope(bytes);
    return session !== undefined && session.expiresAt > this.#clock() ? session : undefined;
  }
}
