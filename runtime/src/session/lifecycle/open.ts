import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue, UnverifiableHistory } from "../../codec/unreadable.js";
import { cookieFor } from "../../cookie/cookie.js";
import { SessionError } from "../../errors.js";
import type { StoredSession } from "../../stores/store.js";
import type { SessionCarrier } from "../../transports/carrier.js";
import type { TransportRequest } from "../../transports/transport.js";
import type { SessionContext } from "../context/options.js";
import { quarantine } from "../records/quarantine.js";
import { decodeStored, encodeStored } from "../records/stored-record.js";
import { SessionState } from "../state/state.js";
import { type Address, storedState } from "../state/stored-state.js";
import { findEarlier, isMovedAway, wasRevoked } from "./earlier.js";
import { type Received, receive } from "./receive.js";
import { StoreAccess } from "./store-access.js";
import { ownStore } from "./store-source.js";

/**
 * Opens the session that a request names; an anonymous one where there is none for it.
 * @throws SessionError `store/…` when the store is out of reach and `onStoreError` is `"error"`
 */
export function openState(
  context: SessionContext,
  request: TransportRequest,
): SessionState | Promise<SessionState> {
  if (context.missing !== undefined) return nullState(context, context.missing);
  let carrier: SessionCarrier | undefined;
  try {
    ({ carrier } = context.store);
  } catch (error) {
    return unlessThrown(context, error);
  }
  if (carrier === undefined) return openReceived(context, request, receive(context, request));
  return openCarried(context, carrier, request);
}

function openReceived(
  context: SessionContext,
  request: TransportRequest,
  { bound, reading, several = false }: Received,
): SessionState | Promise<SessionState> {
  const state = new SessionState(context, { request, bound });
  if (reading.kind === "refused" || reading.kind === "held")
    context.events.publish("cookie-refused", { reason: reading.reason });
  // A newer deploy may know it.
  if (reading.kind === "held") state.hold("unverifiable");
  // None of them counts, and as long as they are there none will.
  if (several && reading.kind === "refused") state.answer.forget();
  if (reading.kind !== "id") return state;
  const { id, stale } = reading;
  return openStored(state, { id, key: context.store.keyOf(id), stale });
}

function openStored(
  state: SessionState,
  address: Address & { readonly stale: boolean },
): Promise<SessionState> {
  const { context } = state;
  const reading = context.store.read(address.key);
  context.epoch.prepare();
  const failed = (error: unknown): SessionState => unlessThrown(context, error);
  return reading.then((found) => {
    try {
      const restored = openFound(state, address, found);
      return restored instanceof SessionState ? restored : restored.catch(failed);
    } catch (error) {
      return failed(error);
    }
  }, failed);
}

function openFound(
  state: SessionState,
  address: Address & { readonly stale: boolean },
  found: StoredSession | undefined,
): SessionState | Promise<SessionState> {
  const { context } = state;
  // Somebody whose keys are those of before may have it under one of them again.
  if (context.previous !== undefined && (found === undefined || isMovedAway(context, address.key, found)))
    return restoreEarlier(state, address, found);
  return found === undefined ? forget(state) : restore(state, address, found);
}

/**
 * No id of a client's is ever adopted: an unknown one is forgotten, and a new session gets a new
 * one.
 */
function forget(state: SessionState): SessionState {
  state.context.events.publish("not-found", {});
  return state;
}

/** Does as {@link restore} with what lies under a key of before, if there is something. */
async function restoreEarlier(
  state: SessionState,
  address: Address & { readonly stale: boolean },
  found: StoredSession | undefined,
): Promise<SessionState> {
  const { context } = state;
  const earlier = await findEarlier(context, address.id);
  if (earlier === undefined) return found === undefined ? forget(state) : restore(state, address, found);
  try {
    if (await wasRevoked(context, earlier)) {
      context.events.publish("expired", { reason: "revoked" });
      return state;
    }
  } catch (error) {
    // `restore` says what is wrong with it.
    if (!(error instanceof UnreadableValue)) throw error;
  }
  return restore(state, { ...address, key: earlier.key }, earlier.stored);
}

/**
 * Has the session go on from what is stored, unless that is over, another client's, or unreadable.
 */
function restore(
  state: SessionState,
  { id, key, stale }: Address & { readonly stale: boolean },
  stored: StoredSession,
): SessionState | Promise<SessionState> {
  const { context } = state;
  try {
    const record = decodeStored(context, stored.payload, key);
    if (record.trace !== undefined) {
      state.hold(record.trace);
      return state;
    }
    if (isOver(context, record) || !fits(state, id, record)) return state;
    const goOn = (isRevoked: boolean): SessionState => {
      if (isRevoked) {
        context.events.publish("expired", { reason: "revoked" });
        return state;
      }
      state.restart(storedState({ id, key }, stored, record));
      if (stale) state.ask({ resend: stale });
      return state;
    };
    const isRevoked = context.epoch.isOver(record);
    return typeof isRevoked === "boolean" ? goOn(isRevoked) : isRevoked.then(goOn);
  } catch (error) {
    if (error instanceof UnverifiableHistory) {
      state.hold("unverifiable");
      return state;
    }
    if (!(error instanceof UnreadableValue)) throw error;
    // The record stays where it is until it expires: whoever wrote it may still be able to read it.
    context.events.unreadable(error);
    return quarantine(context, key, stored.payload, error).then(() => state);
  }
}

/** A null session, if that is what the options want when sessions do not work. */
function unlessThrown(context: SessionContext, error: unknown): SessionState {
  if (!(error instanceof SessionError) || context.onStoreError === "error") throw error;
  return nullState(context, error);
}

function nullState(context: SessionContext, because: SessionError): SessionState {
  return new SessionState(context, { nullBecause: because });
}

/**
 * Opens a session that travels in the cookie itself. To the lifecycle its cookie is a store with
 * this one session in it.
 */
async function openCarried(
  shared: SessionContext,
  carrier: SessionCarrier,
  request: TransportRequest,
): Promise<SessionState> {
  const [{ name }, another] = shared.transports;
  if (name !== shared.cookie.name || another !== undefined)
    throw new SessionError("transport/invalid-option", "Sessions of the cookie store travel in cookies only");
  if (shared.previous !== undefined)
    throw new SessionError(
      "session/no-previous",
      "Sessions of the cookie store have no keys: `previous` finds nothing there",
    );
  if (shared.compression !== undefined)
    throw new SessionError(
      "session/no-compression",
      "Sessions of the cookie store are not compressed: the length of the cookie would tell what is in them",
    );
  // Whose bytes the browser has, and nobody else.
  const { quarantine: _, ...kept } = shared;
  const { clock, events, identity } = shared;
  const { application, keyOf } = shared.store;
  const cookie = cookieFor(shared.cookie, request);
  const encode = (record: SessionRecord, key: string) => encodeStored(kept, record, key);
  const bound = carrier.receive({ identity, cookie, clock, keyOf, encode }, request);
  const { store, reading, several } = await bound.open();
  const access = new StoreAccess({
    source: ownStore(() => store),
    timeout: 2000,
    events,
    application,
    keyOf,
  });
  return openReceived({ ...kept, cookie, store: access }, request, { bound, reading, several });
}

/** Whether the absolute lifetime of a stored session is over. */
function isOver({ lifetime, clock, events }: SessionContext, record: SessionRecord): boolean {
  const { absolute } = record.permanent ? lifetime.permanent : lifetime;
  if (clock() < record.createdAt + absolute) return false;
  events.publish("expired", { reason: "absolute" });
  return true;
}

/**
 * Whether the request may have the session that is bound to others. It stays where it is for whom
 * it fits.
 */
function fits({ context, request }: SessionState, id: string, record: SessionRecord): boolean {
  const { binding, events } = context;
  if (binding === undefined || request === undefined) return true;
  const parts = binding.mismatches(record.binding, id, request);
  if (parts.length > 0) events.publish("binding-mismatch", { parts });
  return parts.length === 0 || binding.onMismatch === "event";
}
