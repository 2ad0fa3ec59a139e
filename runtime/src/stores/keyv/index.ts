import type { KeyvOptions } from "keyv";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { type Given, givenBy } from "../shared/given.js";
import { KeyValueStore, type KeyValues } from "../shared/key-value-store.js";
import type { SessionStore } from "../store.js";

/** What is used of a Keyv 5 or later; also one of another copy of the package. */
export interface KeyvLike {
  /** The adapter, the namespace and how values are serialized. */
  readonly opts: object;
  /** Lists what there is, where the adapter can. */
  readonly iterator?: unknown;
  readonly hooks?: unknown;
  readonly stats?: unknown;
}

/** Options of {@link keyvStore}. */
export interface KeyvStoreOptions {
  /**
   * A Keyv of the application's, or a function that gives or imports it at the first use; `close()`
   * leaves it open. Errors are thrown whatever its `throwOnErrors` says, but adapters that have
   * such an option of their own (`@keyv/redis`) need it set: otherwise a server that is gone looks
   * as if nobody had a session.
   */
  readonly keyv: Given<KeyvLike>;
  /** What every key begins with, after the Keyv's namespace. Default `session:`. */
  readonly prefix?: string;
  /** The current time; `Date.now` unless replaced. Expiry in the adapter goes by its own clock. */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in anything Keyv has an adapter for. Atomic within this process only: Keyv has no
 * conditional writes, so processes that write one session at once lose changes, and one of them may
 * bring a destroyed session back.
 */
export function keyvStore(options: KeyvStoreOptions): SessionStore {
  const { keyv, clock } = options;
  return new KeyValueStore({
    kind: "keyv",
    prefix: options.prefix ?? "session:",
    clock,
    sweeps: typeof keyv === "function" || keyv.iterator !== undefined,
    async open() {
      const owner = await givenBy(keyv, "keyv", "opts");
      return { owner, values: await valuesOf(owner) };
    },
  });
}

/**
 * Works on a Keyv of our own over the same adapter. It throws what the application's would report
 * by an event, or not at all: a session that cannot be read is not absent. And it leaves expiry to
 * us: Keyv deletes what it finds expired when it reads, which may hit a session that was begun anew
 * meanwhile. The adapter still gets the time to live.
 */
async function valuesOf({ opts, hooks, stats }: KeyvLike): Promise<KeyValues> {
  const { Keyv } = await import("keyv").catch((cause: unknown) => {
    throw new SessionError("store/missing-driver", "The package keyv is not installed", { cause });
  });
  const options: KeyvOptions = { ...opts, throwOnErrors: true };
  const { deserialize } = options;
  if (deserialize !== undefined) {
    options.deserialize = async <Value>(data: string) => ({
      ...(await deserialize<Value>(data)),
      expires: undefined,
    });
  }
  const keyv = Object.assign(new Keyv(options), hooks && { hooks }, stats && { stats });
  return {
    get: (key) => keyv.get(key),
    async set(key, value, lifetime) {
      if (!(await keyv.set(key, value, lifetime))) throw new Error("Keyv did not set the value");
    },
    async remove(key) {
      await keyv.delete(key);
    },
    async *keys() {
      for await (const [key] of keyv.iterator?.(undefined) ?? []) yield String(key);
    },
  };
}
