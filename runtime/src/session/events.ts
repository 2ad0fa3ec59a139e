import { type Channel, channel as openChannel } from "node:diagnostics_channel";
import type { UnreadableValue } from "../serializer/unreadable.js";
import type { BoundPart } from "./binding.js";

/**
 * What happens to sessions, for logs, metrics and traces. No event carries an id, a key, a cookie or a value of a field. Each is
 * also published on the channel `sessgen:<name>` of `node:diagnostics_channel`, for whoever cannot get at the sessions themselves.
 */
export interface SessionEvents {
  /** A request's session was opened; `found`: one was stored. */
  readonly opened: {
    readonly found: boolean;
    /** Milliseconds, the store's time included. */
    readonly duration: number;
  };
  /** What a request did was saved, if there was anything to save. */
  readonly committed: {
    readonly outcome: "nothing" | "created" | "updated" | "touched" | "regenerated" | "cookie-cleared";
    /** Milliseconds, the store's time and merges included. */
    readonly duration: number;
  };
  /** A session was stored for the first time. */
  readonly created: { readonly permanent: boolean };
  /** A session was given a new id. */
  readonly regenerated: { readonly reason: "asked" | "field-changed" };
  /** A session was destroyed by the application. */
  readonly destroyed: Record<never, never>;
  /** Somebody else had written first; the changes were merged (`attempt` counts from 1). */
  readonly conflict: { readonly attempt: number; readonly fields: readonly string[] };
  /** A stored session, or a field of it, could not be read and counts as absent. */
  readonly unreadable: { readonly field?: string; readonly error: Error };
  /** A cookie, or the token of another transport, was refused before anything was looked up. */
  readonly "cookie-refused": { readonly reason: "too-long" | "malformed" | "ambiguous" | "signature" };
  /** A request does not look like those the session is bound to; see `binding`. */
  readonly "binding-mismatch": { readonly parts: readonly BoundPart[] };
  /** The store failed; `error.code` says how. */
  readonly "store-error": { readonly error: Error };
}

const channels = new Map<string, Channel>();

/** Looked up by name once: Node keeps a channel only while somebody holds it. */
function channelOf(name: string): Channel {
  const known = channels.get(name) ?? openChannel(`sessgen:${name}`);
  channels.set(name, known);
  return known;
}

/** Receives one kind of event. */
export type SessionListener<E extends keyof SessionEvents> = (event: SessionEvents[E]) => void;

/** Publishes events to those who listen. */
export class EventHub {
  readonly #listeners = new Map<string, Set<(event: never) => void>>();

  /** Whether anybody listens: what costs something to find out need not be found out for nobody. */
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

  /** Publishes `unreadable` without the error's cause: the message of a parser may quote the session. */
  unreadable(error: UnreadableValue, field?: string): void {
    Reflect.deleteProperty(error, "cause");
    this.publish("unreadable", field === undefined ? { error } : { field, error });
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
