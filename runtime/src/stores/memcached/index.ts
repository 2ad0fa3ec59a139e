import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { timedOut } from "../../time/deadline.js";
import { conditionally, once, unclearWrite } from "../shared/conditional-write.js";
import { Connector } from "../shared/connector.js";
import { decodeEnvelope, encodeEnvelope } from "../shared/envelope.js";
import { isExpected } from "../shared/expectation.js";
import { type Given, givenBy } from "../shared/given.js";
import { randomVersion } from "../shared/version.js";
import type {
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import { BinaryCommands } from "./binary.js";
import { type CasToken, type Commands, describe, isLost, isUnsent, type MemcachedClient } from "./client.js";
import { exptime, itemKey } from "./item.js";
import { openText, TextCommands } from "./text.js";

/** Options of {@link memcachedStore}. */
export interface MemcachedStoreOptions {
  /**
   * The servers, each `host` or `host:port` (11211 unless given); one text may name several, with
   * commas. Sessions are spread over them by their keys: every process has to be given the same
   * servers, in whichever order.
   */
  readonly servers?: string | readonly string[];
  /**
   * A client of the application's own, instead of `servers`; `close()` leaves it open. From
   * memcache-client one for each server, as a client for several sends commands to any of them.
   * From memjs one, without `failover`, which would bring back what was destroyed while a server
   * was away; memjs spreads keys its own way, so all processes should use it, or none. Or a
   * function that gives or imports one at the first use.
   */
  readonly client?: Given<MemcachedClient>;
  /** What every key begins with. Default `session:`. */
  readonly prefix?: string;
  /**
   * The most bytes of a session. Default: what fits into an item of 1 MiB, the server's own limit;
   * more where the server was started with a higher one (`-I`), less what an item takes besides,
   * 1 KiB.
   */
  readonly maxBytes?: number;
  /**
   * The current time; `Date.now` unless replaced. Expiry in memcached itself goes by the server's
   * clock.
   */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in Memcached 1.4 or later: one item per session, with version and expiry in front
 * of the payload. Changes are made with the item's CAS token, so they are atomic on the server: a
 * write, touch or removal by condition is two round trips, more only while others change the same
 * session. An item is lost when the server restarts or needs its memory.
 *
 * Its operations throw `store/too-large` for what exceeds the server's limit for items (1 MiB
 * unless started with `-I`), and `store/full` by a server that was told not to evict (`-M`).
 */
export function memcachedStore(options: MemcachedStoreOptions): SessionStore {
  return new MemcachedStore(options);
}

/** The largest item of a server that was told nothing else. */
const ITEM = 1024 * 1024;

/** What of an item is not the session: the server's header, the key, version and expiry. */
const BESIDES = 1024;

/** What was found under a key. */
interface Found {
  readonly token: CasToken;
  /** The session, unless it has expired or the value is not the store's. */
  readonly session: StoredSession | undefined;
  /** Whether it is a session that has expired; the server keeps it for a second or two. */
  readonly expired: boolean;
}

const conditional = conditionally("memcached", isLost, isUnsent);
const unlessSent = once("memcached", isUnsent);

class MemcachedStore implements SessionStore {
  readonly kind = "memcached";
  readonly maxBytes: number;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #connector: Connector<Commands>;

  constructor(options: MemcachedStoreOptions) {
    this.#prefix = options.prefix ?? "session:";
    this.maxBytes = options.maxBytes ?? ITEM - BESIDES;
    this.#clock = options.clock ?? Date.now;
    this.#connector = new Connector({
      kind: this.kind,
      open: () => open(options),
      close: (commands) => options.client ?? commands.close(),
      isLost,
      describe,
    });
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const name = itemKey(this.#prefix, key);
    return this.#connector.run(options, async (commands) => (await this.#find(commands, name))?.session);
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const { expect, expiresAt, signal } = options;
    const name = itemKey(this.#prefix, key);
    const version = randomVersion();
    const value = encodeEnvelope(version, expiresAt, payload);
    const done = { ok: true, version: version.toString("hex") } as const;
    const creates = expect === "absent" || expect === "any";
    const work = async (commands: Commands): Promise<WriteResult> => {
      for (;;) {
        stillWanted(signal);
        const lifetime = this.#lifetime(expiresAt);
        if (creates && (await commands.add(name, value, lifetime))) return done;
        if (expect === "any") {
          stillWanted(signal);
          if (await commands.replace(name, value, lifetime)) return done;
          continue;
        }
        const found = await this.#find(commands, name, signal);
        if (found === undefined && creates) continue;
        const current = found?.session;
        // A lost connection may have hidden that this very write was done already.
        if (current?.version === done.version) return done;
        const replaces = creates ? found?.expired : current?.version === expect;
        if (found === undefined || !replaces) return { ok: false, current };
        if (await commands.compareAndSet(name, value, lifetime, found.token)) return done;
      }
    };
    return this.#connector.run(options, work, creates ? unlessSent : conditional);
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    const signal = options?.signal;
    const name = itemKey(this.#prefix, key);
    return this.#connector.run<TouchResult>(options, async (commands) => {
      for (;;) {
        const found = await this.#find(commands, name, signal);
        if (found?.session === undefined) return "gone";
        if (!isExpected(found.session, options)) return "changed";
        const { version, payload } = found.session;
        const value = encodeEnvelope(Buffer.from(version, "hex"), expiresAt, payload);
        if (await commands.compareAndSet(name, value, this.#lifetime(expiresAt), found.token))
          return "touched";
      }
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    const signal = options?.signal;
    const name = itemKey(this.#prefix, key);
    let unanswered = false;
    return this.#connector.run(options, async (commands) => {
      for (;;) {
        const found = await this.#find(commands, name, signal);
        if (found === undefined) {
          if (unanswered) throw unclearWrite("memcached");
          return false;
        }
        if (found.session === undefined) return false;
        if (!isExpected(found.session, options)) return false;
        unanswered = true;
        if (await commands.compareAndDelete(name, found.token)) return true;
        unanswered = false;
      }
    });
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  async #find(commands: Commands, name: string, signal?: AbortSignal): Promise<Found | undefined> {
    const item = await commands.get(name);
    stillWanted(signal);
    if (item === undefined) return undefined;
    const session = decodeEnvelope(item.value);
    const expired = session !== undefined && session.expiresAt <= this.#clock();
    return { token: item.token, session: expired ? undefined : session, expired };
  }

  #lifetime(expiresAt: number): number {
    return exptime(expiresAt - this.#clock());
  }
}

async function open({ client: given, servers }: MemcachedStoreOptions): Promise<Commands> {
  if (given !== undefined) {
    const client = await givenBy(given, "memcached", "perform", "cas", "length");
    return "perform" in client ? new BinaryCommands(client) : new TextCommands([client].flat());
  }
  if (servers !== undefined) return openText(servers);
  throw new SessionError("store/unavailable", "The memcached store was given neither servers nor a client");
}

/** Stops an operation between two commands once its caller has been told that it failed. */
function stillWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw timedOut("memcached", signal.reason);
}
