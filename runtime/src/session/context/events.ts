import { type Channel, channel as openChannel } from "node:diagnostics_channel";
import type { UnreadableValue } from "../../codec/unreadable.js";
import type { RuntimeErrorCode, SessionError } from "../../errors.js";
import type { BoundPart } from "../lifecycle/binding.js";

/**
 * What happens to sessions, for logs, metrics and traces. No event carries an id, a key, a cookie
 * or a value of a field. Each is also published on the channel `sessgen:<name>` of
 * `node:diagnostics_channel`, for whoever cannot get at the sessions themselves.
 */
export interface SessionEvents {
  /** A request's session was opened; `found`: one was stored. */
  readonly opened: {
    readonly found: boolean;
    /** The size of the stored payload; 0 without one. */
    readonly bytes: number;
    /** Milliseconds, the store's time included. */
    readonly duration: number;
  };
  /** What a request did was saved, if there was anything to save. */
  readonly committed: {
    readonly outcome: "nothing" | "created" | "updated" | "touched" | "regenerated" | "cookie-cleared";
    /** The size of the payload that was written; 0 without one. */
    readonly bytes: number;
    /** Milliseconds, the store's time and merges included. */
    readonly duration: number;
  };
  /** A session was stored for the first time. */
  readonly created: { readonly permanent: boolean };
  /** A session was given a new id. */
  readonly regenerated: { readonly reason: "asked" | "field-changed" | "key-changed" };
  /**
   * A session was destroyed by the application: by itself, or by `destroyBy` or `revoke`. `unread`:
   * it could not be read, and ended because it may have had the value.
   */
  readonly destroyed: { readonly by: "session" | "lookup"; readonly unread?: true };
  /** Everybody was logged out, by `revokeAll`. */
  readonly "revoked-all": Record<never, never>;
  /**
   * A lifetime was over: when the session was opened, or, for one that ended under a request, when
   * that request saved it. Stores do not give away sessions whose idle time is over, so most are
   * `not-found`. `revoked`: it ended with all others, by `revokeAll`.
   */
  readonly expired: { readonly reason: "idle" | "absolute" | "revoked" };
  /**
   * A request named a session that is not stored: it has expired, was destroyed, has another id by
   * now, or never was.
   */
  readonly "not-found": Record<never, never>;
  /**
   * What a request wrote was dropped: a moment ago its session got another id (`moved`) or was
   * destroyed (`ended`), or was written by a version of the application that this one knows nothing
   * of (`unverifiable`). Only of requests with a safe method; others fail.
   */
  readonly moved: { readonly reason: "moved" | "ended" | "unverifiable" };
  /** What was changed after the response's headers had left is not saved: nobody committed it. */
  readonly unsaved: { readonly fields: readonly string[] };
  /** Somebody else had written first; the changes were merged (`attempt` counts from 1). */
  readonly conflict: { readonly attempt: number; readonly fields: readonly string[] };
  /** A stored session, or a field of it, could not be read and counts as absent. */
  readonly unreadable: { readonly field?: string; readonly error: Error };
  /**
   * The bytes of a session that cannot be read, or of a field of one, were kept aside; `reason`
   * says what should have been there, and quotes nothing.
   */
  readonly quarantined: { readonly bytes: number; readonly reason: string; readonly field?: string };
  /**
   * A change would have replaced what is stored of a field and cannot be read, and was `refused`;
   * or did so, since it had been refused before, or was not made of what stood in its place
   * (`replaced`). `kept`: the bytes are in quarantine.
   */
  readonly substitute: {
    readonly field: string;
    readonly outcome: "refused" | "replaced";
    readonly kept: boolean;
  };
  /** A cookie, or the token of another transport, was refused before anything was looked up. */
  readonly "cookie-refused": { readonly reason: "too-long" | "malformed" | "ambiguous" | "signature" };
  /**
   * Sessions were looked for by an index that may lack some: `sessgen migrate --after-deploy` has
   * not run. `looked`: at how many sessions one by one; `complete`: no other can have the value.
   */
  readonly "index-not-final": {
    readonly path: string;
    readonly state: "open" | "filled";
    readonly looked: number;
    readonly complete: boolean;
  };
  /** A request does not look like those the session is bound to; see `binding`. */
  readonly "binding-mismatch": { readonly parts: readonly BoundPart[] };
  /**
   * The store was asked for something. Keeping the time costs a little, and is done only if
   * somebody listens.
   */
  readonly "store-operation": StoreOperation & {
    /** Of the error it failed with, as in docs/errors.md; absent when all is well. */
    readonly code?: RuntimeErrorCode;
  };
  /**
   * The store failed. What its driver says may quote keys and values, and is in the error that is
   * thrown, but not in here.
   */
  readonly "store-error": StoreOperation & {
    /** As in docs/errors.md. */
    readonly code: RuntimeErrorCode;
    /** The code of the driver's error, such as `ECONNREFUSED`, if it has one. */
    readonly cause?: string;
  };
}

/** What a store was asked for. */
export interface StoreOperation {
  /** The store's kind; empty when it could not even be opened. */
  readonly store: string;
  /** `find` is one step of a search: the next key. */
  readonly operation: "read" | "write" | "touch" | "remove" | "find" | "sweep";
  /** Milliseconds. */
  readonly duration: number;
}

const channels = new Map<string, Channel>();

/** Looked up by name once: Node keeps a channel only while somebody holds it. */
function channelOf(name: string): Channel {
  const known = channels.get(name);
  if (known !== undefined) return known;
  const opened = openChannel(`sessgen:${name}`);
  channels.set(name, opened);
  return opened;
}

/** Receives one kind of event. */
export type SessionListener<E extends keyof SessionEvents> = (event: SessionEvents[E]) => void;

/** Publishes events to those who listen. */
export class EventHub {
  readonly #listeners = new Map<string, Set<(event: never) => void>>();

  /**
   * Tells whether anybody listens: what costs something to find out need not be found out for
   * nobody.
   */
  has(event: keyof SessionEvents): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0 || channelOf(event).hasSubscribers;
  }

  /** Listens until the returned function is called. */
  on<E extends keyof SessionEvents>(event: E, listener: SessionListener<E>): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * Publishes `unreadable` without the error's cause: the message of a parser may quote the
   * session.
   */
  unreadable(error: UnreadableValue, field?: string): void {
    Reflect.deleteProperty(error, "cause");
    this.publish("unreadable", field === undefined ? { error } : { field, error });
  }

  /**
   * Publishes `store-operation` and `store-error`, without what the driver says: its message may
   * quote the command.
   */
  storeFailed({ code, cause }: SessionError, about: StoreOperation): void {
    if (this.has("store-operation")) this.publish("store-operation", { ...about, code });
    if (!this.has("store-error")) return;
    const known = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    this.publish("store-error", { ...about, code, ...(/^[A-Z0-9_]{1,40}$/.test(known) && { cause: known }) });
  }

  /** Tells everybody. A listener that throws fails like any uncaught error; the request goes on. */
  publish<E extends keyof SessionEvents>(name: E, event: SessionEvents[E]): void {
    const channel = channelOf(name);
    if (channel.hasSubscribers) channel.publish(event);
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        (listener as SessionListener<E>)(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
