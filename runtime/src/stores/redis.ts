import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { SessionError } from "../errors.js";
import { decodeEnvelope, encodeEnvelope, encodeExpiry } from "./envelope.js";
import { Gate, timedOut, untilAborted } from "./gate.js";
import type {
  Clock,
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  WriteOptions,
  WriteResult,
} from "./store.js";
import { randomVersion } from "./version.js";

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** `redis://` or `rediss://`; the connection is made at the first use. */
  readonly url?: string;
  /** An ioredis client of the application's own, instead of `url`; `close()` leaves it open. */
  readonly client?: Redis;
  /** What every key begins with. Default `session:`. */
  readonly prefix?: string;
  /** The current time; `Date.now` unless replaced. Expiry in Redis itself goes by the server's clock. */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in Redis 6 or later, or Valkey: one string per session, with version and expiry in front of the payload.
 * Conditional operations are scripts, so they are atomic on the server; each touches one key, as a cluster asks for.
 */
export function redisStore(options: RedisStoreOptions): SessionStore {
  return new RedisStore(options);
}

/** A script, and the name the server knows it by once it was run. */
interface Script {
  readonly text: string;
  readonly sha: string;
}

/** ioredis has a variant of every command that replies with bytes; its types leave these two out. */
interface ScriptCommands {
  evalshaBuffer(sha: string, keys: number, ...args: readonly (string | number | Buffer)[]): Promise<unknown>;
  evalBuffer(text: string, keys: number, ...args: readonly (string | number | Buffer)[]): Promise<unknown>;
}

function script(text: string): Script {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

/**
 * Whether a record (or its first 17 bytes) has expired by the caller's clock. The server deletes it up to a millisecond later,
 * or more where clocks differ; no operation may see it in between.
 */
const expired = `
local function expired(record, now)
  return #record >= 17 and struct.unpack(">d", record, 10) <= tonumber(now)
end
`;

/** ARGV: now, what is expected (`absent`, `any`, or the 8 bytes of a version), the record, milliseconds to live. */
const writeScript = script(`${expired}
local current = redis.call("GET", KEYS[1])
if current and expired(current, ARGV[1]) then current = false end
if ARGV[2] == "absent" then
  if current then return current end
elseif ARGV[2] ~= "any" then
  if not current or string.sub(current, 2, 9) ~= ARGV[2] then return current end
end
redis.call("SET", KEYS[1], ARGV[3], "PX", ARGV[4])
return 1
`);

/** ARGV: now, the 8 bytes of the expiry, milliseconds to live. */
const touchScript = script(`${expired}
local header = redis.call("GETRANGE", KEYS[1], 0, 16)
if #header < 17 or expired(header, ARGV[1]) then return 0 end
redis.call("SETRANGE", KEYS[1], 9, ARGV[2])
return redis.call("PEXPIRE", KEYS[1], ARGV[3])
`);

/** ARGV: now, what is expected (`any`, or the 8 bytes of a version). */
const removeScript = script(`${expired}
local header = redis.call("GETRANGE", KEYS[1], 0, 16)
if ARGV[2] ~= "any" and string.sub(header, 2, 9) ~= ARGV[2] then return 0 end
local removed = redis.call("DEL", KEYS[1])
if expired(header, ARGV[1]) then return 0 end
return removed
`);

class RedisStore implements SessionStore {
  readonly kind = "redis";
  readonly #options: RedisStoreOptions;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #gate = new Gate("redis");
  #client: Promise<Redis> | undefined;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#prefix = options.prefix ?? "session:";
    this.#clock = options.clock ?? Date.now;
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    return this.#run(options?.signal, async (client) => {
      const bytes = await client.getBuffer(this.#prefix + key);
      return bytes === null ? undefined : this.#live(bytes);
    });
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    return this.#run(options.signal, async (client) => {
      const { expect, expiresAt } = options;
      const version = randomVersion();
      const expected = expect === "any" || expect === "absent" ? expect : Buffer.from(expect, "hex");
      const record = encodeEnvelope(version, expiresAt, payload);
      const reply = await this.#call(client, writeScript, key, expected, record, this.#timeToLive(expiresAt));
      const text = version.toString("hex");
      if (!(reply instanceof Uint8Array)) {
        return reply === null ? { ok: false, current: undefined } : { ok: true, version: text };
      }
      const current = this.#live(Buffer.from(reply));
      // A lost connection may have hidden that this very write was done already.
      if (current?.version === text) return { ok: true, version: text };
      return { ok: false, current };
    });
  }

  touch(key: string, expiresAt: number, options?: OperationOptions): Promise<boolean> {
    return this.#run(options?.signal, async (client) => {
      const reply = await this.#call(
        client,
        touchScript,
        key,
        encodeExpiry(expiresAt),
        this.#timeToLive(expiresAt),
      );
      return reply === 1;
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#run(options?.signal, async (client) => {
      const expected = options?.expect === undefined ? "any" : Buffer.from(options.expect, "hex");
      return (await this.#call(client, removeScript, key, expected)) === 1;
    });
  }

  async close(): Promise<void> {
    if (!this.#gate.close() || this.#options.client !== undefined) return;
    const client = await this.#client?.catch(() => undefined);
    // QUIT lets what is under way finish; without a connection there is nothing to finish.
    if (client?.status === "ready") await client.quit().catch(() => undefined);
    client?.disconnect();
  }

  #live(bytes: Buffer): StoredSession | undefined {
    const session = decodeEnvelope(bytes);
    return session !== undefined && session.expiresAt > this.#clock() ? session : undefined;
  }

  /** Redis takes whole milliseconds, and none below one. */
  #timeToLive(expiresAt: number): number {
    return Math.max(1, Math.ceil(expiresAt - this.#clock()));
  }

  /** Runs a script by its hash, and by its text where the server does not know it (any more); now is its first argument. */
  async #call(
    client: Redis,
    { text, sha }: Script,
    key: string,
    ...args: (string | number | Buffer)[]
  ): Promise<unknown> {
    const { evalshaBuffer, evalBuffer } = client as unknown as ScriptCommands;
    const parameters = [1, this.#prefix + key, this.#clock(), ...args] as const;
    try {
      return await evalshaBuffer.call(client, sha, ...parameters);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return evalBuffer.call(client, text, ...parameters);
    }
  }

  async #run<T>(signal: AbortSignal | undefined, work: (client: Redis) => Promise<T>): Promise<T> {
    this.#gate.enter(signal);
    try {
      this.#client ??=
        this.#options.client === undefined
          ? connect(this.#options.url)
          : Promise.resolve(this.#options.client);
      return await untilAborted("redis", this.#client.then(work), signal);
    } catch (error) {
      throw describe(error);
    }
  }
}

async function connect(url: string | undefined): Promise<Redis> {
  if (url === undefined)
    throw new SessionError("store/unavailable", "The redis store was given neither a url nor a client");
  const { Redis } = await import("ioredis").catch((cause: unknown) => {
    throw new SessionError("store/missing-driver", "The package ioredis is not installed", { cause });
  });
  const client = new Redis(url, {
    enableAutoPipelining: true,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
    // A write that was under way when the connection broke may have been done: repeating it blindly could do it twice.
    autoResendUnfulfilledCommands: false,
  });
  // Every operation reports its own failure; without a listener ioredis would print them as well.
  client.on("error", () => {});
  return client;
}

function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  // Redis 7 passes on what a command in a script says; Redis 6 puts "ERR Error running script (…): @user_script: 4: -" first.
  if (/(?:^|: -)(READONLY|NOREPLICAS|NOPERM|MISCONF)\b/.test(message)) {
    return new SessionError("store/read-only", "Redis refuses to write", { cause });
  }
  if (/(?:^|: -)OOM\b/.test(message))
    return new SessionError("store/full", "Redis is out of memory", { cause });
  if (/timed? ?out/i.test(message)) return timedOut("redis", cause);
  return new SessionError("store/unavailable", "Redis could not be reached, or failed", { cause });
}
