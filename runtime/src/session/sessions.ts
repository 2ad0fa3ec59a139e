import { readCookie } from "../cookie/cookie.js";
import { SessionError } from "../errors.js";
import { UnreadableValue } from "../serializer/unreadable.js";
import type { StoredSession } from "../stores/store.js";
import { decodeStored } from "./commit.js";
import type { SessionEvents, SessionListener } from "./events.js";
import { resolveOptions, type SessionContext, type SessionsOptions } from "./options.js";
import type { SessionBase } from "./session-base.js";
import { SessionState, type StoredState } from "./state.js";

/** The generated class. */
export type SessionClass<S extends SessionBase> = new (state: SessionState) => S;

/** All sessions of an application. */
export interface Sessions<S extends SessionBase> {
  /**
   * Opens the session that a request's Cookie header names; an anonymous one when there is none, it is unknown, expired,
   * or cannot be read. One round trip to the store, none without a cookie.
   *
   * @param cookieHeader - the value of the request's Cookie header
   * @throws SessionError `store/…` when the store is out of reach and `onStoreError` is `"error"`
   */
  open(cookieHeader: string | null | undefined): Promise<S>;
  /** Listens to an event until the returned function is called. */
  on<E extends keyof SessionEvents>(event: E, listener: SessionListener<E>): () => void;
  /** Closes the store. */
  close(): Promise<void>;
}

/**
 * Wires a generated session class to its store. The generated `index.ts` calls it.
 * @throws SessionError `cookie/invalid-option`, `cookie/weak-secret`
 */
export function createSessions<S extends SessionBase>(
  options: SessionsOptions & { readonly Session: SessionClass<S> },
): Sessions<S> {
  const context = resolveOptions(options);
  const { Session } = options;
  return {
    open: async (header) => new Session(await openState(context, header)),
    on: (event, listener) => context.events.on(event, listener),
    close: () => context.store.close(),
  };
}

async function openState(context: SessionContext, header: string | null | undefined): Promise<SessionState> {
  const cookie = readCookie(header, context.cookie);
  if (cookie.kind === "refused") context.events.publish("cookie-refused", { reason: cookie.reason });
  if (cookie.kind !== "id") return new SessionState(context);
  let stored: StoredSession | undefined;
  try {
    stored = await context.store.read(cookie.id);
  } catch (error) {
    if (!(error instanceof SessionError) || context.onStoreError === "error") throw error;
    const state = new SessionState(context);
    state.isNull = true;
    return state;
  }
  // No id of a client's is ever adopted: an unknown one is forgotten, and a new session gets a new one.
  const state = new SessionState(context, stored && alive(context, cookie.id, stored));
  state.cookieIsStale = cookie.stale && state.stored !== undefined;
  return state;
}

/** The stored session, unless it cannot be read or its absolute lifetime is over. */
function alive(context: SessionContext, id: string, stored: StoredSession): StoredState | undefined {
  try {
    const record = decodeStored(context, stored);
    const { absolute } = record.permanent ? context.lifetime.permanent : context.lifetime;
    if (context.clock() >= record.createdAt + absolute) return undefined;
    return { id, version: stored.version, expiresAt: stored.expiresAt, record };
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    // The record stays where it is until it expires: whoever wrote it may still be able to read it.
    context.events.unreadable(error);
    return undefined;
  }
}
