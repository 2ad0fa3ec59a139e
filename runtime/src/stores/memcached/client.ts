import type { MemcacheClient } from "memcache-client";
import type { Client as MemjsClient } from "memjs";
import { SessionError } from "../../errors.js";

import { timedOut } from "../../time/deadline.js";

/**
 * The longest a command may take by itself, in milliseconds; the caller's deadline mostly comes
 * first.
 */
export const TIMEOUT = 5000;

/** Names one state of one item on its server; every command that changes the item changes it. */
export type CasToken = string | Buffer;

/**
 * What a server has under a key; the value is empty where it is nothing the store can have written.
 */
export interface Item {
  readonly value: Buffer;
  readonly token: CasToken;
}

/**
 * The commands the store is made of. Each is one round trip and atomic on the server; `exptime` is
 * as in {@link exptime}. There is no plain `set`: it deletes the item that is there when the new
 * one is too large or there is no memory for it.
 */
export interface Commands {
  get(key: string): Promise<Item | undefined>;
  /** Stores an item where there is none; `false` when there is an item. */
  add(key: string, value: Buffer, exptime: number): Promise<boolean>;
  /** Replaces an item; `false` when there is no item. */
  replace(key: string, value: Buffer, exptime: number): Promise<boolean>;
  /** Replaces the item that was read; `false` when the item has changed since, or is gone. */
  compareAndSet(key: string, value: Buffer, exptime: number, token: CasToken): Promise<boolean>;
  /** Deletes the item that was read; `false` when the item has changed since, or is gone. */
  compareAndDelete(key: string, token: CasToken): Promise<boolean>;
  close(): void;
}

/** A client of the application's own: memjs; or memcache-client, one per server. */
export type MemcachedClient = MemcacheClient | readonly MemcacheClient[] | MemjsClient;

/** Makes the error for an answer that is none of those a command expects. */
export function refused(answer: string, cause?: unknown): SessionError {
  if (/too large/i.test(answer))
    return new SessionError("store/too-large", "The session exceeds memcached's limit for items (-I)", {
      cause,
    });
  if (/out of memory/i.test(answer))
    return new SessionError("store/full", "Memcached is out of memory", { cause });
  if (/auth/i.test(answer))
    return new SessionError("store/denied", "Memcached refuses the credentials, or wants some", { cause });
  return new SessionError("store/unavailable", "Memcached answered with an error", { cause });
}

/** Makes the error for whatever a client has thrown. */
export function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  if (/time(d )?out|ETIMEDOUT/i.test(text(cause))) return timedOut("memcached", cause);
  // memjs reports this one as text.
  if (typeof cause === "string") return refused(cause);
  return new SessionError("store/unavailable", "Memcached could not be reached, or failed", { cause });
}

/** Tells whether a connection broke; the command may have been carried out. */
export function isLost(error: unknown): boolean {
  return isUnsent(error) || /ECONNRESET|ECONNABORTED|EPIPE|socket (end|close)/.test(text(error));
}

/** Tells whether there was no connection, so that the command cannot have been carried out. */
export function isUnsent(error: unknown): boolean {
  return /ECONNREFUSED/.test(text(error));
}

/** With the code, which is all that Node says where a name has several addresses. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? `${error.code} ${error.message}` : error.message;
}
