import { createHash } from "node:crypto";
import type { MemcacheClient } from "memcache-client";
import { SessionError } from "../../errors.js";
import { type CasToken, type Commands, type Item, refused, TIMEOUT } from "./client.js";

/** The text protocol, spoken by memcache-client. */
export class TextCommands implements Commands {
  readonly #clients: ReadonlyMap<string, MemcacheClient>;

  /** @param clients - one per server */
  constructor(clients: readonly MemcacheClient[]) {
    this.#clients = new Map(clients.map((client) => [addressOf(client), client]));
  }

  async get(key: string): Promise<Item | undefined> {
    const found = await this.#clientOf(key)
      .gets<unknown>(key)
      .catch((error: unknown) => {
        throw explained(error);
      });
    // The client looks the key up in an object, which has something under "constructor" as well.
    if (typeof found?.casUniq !== "string") return undefined;
    return { value: Buffer.isBuffer(found.value) ? found.value : Buffer.alloc(0), token: found.casUniq };
  }

  add(key: string, value: Buffer, exptime: number): Promise<boolean> {
    return stored(this.#clientOf(key).add(key, value, { lifetime: exptime }));
  }

  replace(key: string, value: Buffer, exptime: number): Promise<boolean> {
    return stored(this.#clientOf(key).replace(key, value, { lifetime: exptime }));
  }

  compareAndSet(key: string, value: Buffer, exptime: number, token: CasToken): Promise<boolean> {
    return stored(
      this.#clientOf(key).cas(key, value, { lifetime: exptime, casUniq: token.toString("latin1") }),
    );
  }

  /**
   * Writes what ends at once: `delete` takes no condition. What is written with a negative
   * `exptime` has expired at once (protocol.txt).
   */
  compareAndDelete(key: string, token: CasToken): Promise<boolean> {
    return this.compareAndSet(key, Buffer.alloc(0), -1, token);
  }

  close(): void {
    for (const client of this.#clients.values()) client.shutdown();
  }

  /**
   * Rendezvous hashing: a server that is added or taken away moves its own share of the keys only.
   * One that is down keeps its keys: served by another for a while, a session destroyed there would
   * be back with the server.
   */
  #clientOf(key: string): MemcacheClient {
    let chosen: MemcacheClient | undefined;
    let highest = -1;
    for (const [address, client] of this.#clients) {
      const weight = this.#clients.size === 1 ? 0 : weigh(address, key);
      if (weight > highest) [chosen, highest] = [client, weight];
    }
    if (chosen === undefined)
      throw new SessionError("store/unavailable", "The memcached store was given no servers");
    return chosen;
  }
}

/**
 * Connects, at the first command, to servers given as `host:port`, in one text with commas or
 * several.
 */
export async function openText(servers: string | readonly string[]): Promise<TextCommands> {
  const addresses = [servers].flat().flatMap((text) => text.split(",").map((address) => address.trim()));
  const { MemcacheClient } = await import("memcache-client").catch((cause: unknown) => {
    throw new SessionError("store/missing-driver", "The package memcache-client is not installed", { cause });
  });
  return new TextCommands(
    addresses.map((address, index) => {
      const [, host, port = "11211"] = /^([^:@/\s]+)(?::(\d{1,5}))?$/.exec(address) ?? [];
      if (host === undefined)
        // Not shown: it may hold a password.
        throw new SessionError(
          "store/unavailable",
          `Memcached server ${index + 1} is not given as host:port`,
        );
      return new MemcacheClient({
        server: `${host}:${port}`,
        cmdTimeout: TIMEOUT,
        connectTimeout: TIMEOUT,
        noDelay: true,
      });
    }),
  );
}

function weigh(address: string, key: string): number {
  return createHash("sha1").update(`${address} ${key}`).digest().readUInt32BE();
}

/** The server a client talks to; with several it would pick one at random for every command. */
function addressOf({ options: { server } }: MemcacheClient): string {
  if (typeof server === "string") return server;
  const entries = "servers" in server ? server.servers : [server];
  const address = entries.length === 1 ? entries[0]?.server : undefined;
  if (typeof address === "string") return address;
  throw new SessionError(
    "store/unavailable",
    "The memcached store needs a MemcacheClient per server, not one for several",
  );
}

/** Whether a command to store something was carried out. */
async function stored(command: Promise<unknown>): Promise<boolean> {
  try {
    await command;
    return true;
  } catch (error) {
    if (/^(NOT_STORED|EXISTS|NOT_FOUND)$/.test(answerIn(error) ?? "")) return false;
    throw explained(error);
  }
}

function explained(error: unknown): unknown {
  const answer = answerIn(error);
  return answer === undefined ? error : refused(answer, error);
}

/**
 * What the server said, where that is what the client throws; `undefined` for failures of the
 * connection.
 */
function answerIn(error: unknown): string | undefined {
  return error instanceof Error && "cmdTokens" in error && Array.isArray(error.cmdTokens)
    ? error.cmdTokens.join(" ")
    : undefined;
}
