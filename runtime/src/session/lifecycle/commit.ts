import { isSetCookie } from "../../cookie/cookie.js";
import { backOff } from "../../time/backoff.js";
import type { ResponseHeader } from "../../transports/transport.js";
import type { SessionEvents } from "../context/events.js";
import { contended, gone, outOfReach } from "../context/refusals.js";
import { indexValues } from "../records/index-values.js";
import { encodeStored } from "../records/stored-record.js";
import { apply, applyOr } from "../state/apply.js";

import type { Change } from "../state/change.js";
import { expiryOf, touchIsDue } from "../state/lifetime.js";
import type { SessionState } from "../state/state.js";
import {
  bind,
  decodeCurrent,
  inEpoch,
  publishConflict,
  publishExpired,
  put,
  refuseRevoked,
  required,
  writeMerged,
  writeNew,
} from "./write.js";

/** Whether {@link commit} would talk to the store or set a header. May say yes without need, never no. */
export function needsCommit(state: SessionState): boolean {
  return state.headers.length > 0 || needsSave(state);
}

function needsSave(state: SessionState): boolean {
  // What was destroyed before stays so, and the client is to know: in a session that travels whole, this is what ends it.
  if (state.isDisabled) return state.cookieToClear;
  if (state.nullBecause !== undefined) return state.mayHaveChanges();
  if (state.cookieToClear || state.cookieIsStale || state.regenerate || state.permanent !== undefined)
    return true;
  return state.mayHaveChanges() || touchDue(state);
}

/**
 * Saves what changed, and leaves in the state the headers that the response needs, those of earlier commits included. Gives back the
 * values of those that are Set-Cookie.
 * Read-only requests cost no write, except that the expiry is moved when half the idle time is used up.
 *
 * @throws SessionError `session/gone` when the session ended meanwhile, `session/conflict` when others kept writing
 *   first, `session/null-session` when values of a null session were changed in place, `store/…` when the store failed;
 *   SessionFieldError when a value was changed in place to a forbidden one
 */
export async function commit(state: SessionState): Promise<readonly string[]> {
  const begun = performance.now();
  const { outcome, headers } = await save(state);
  // Each replaces the one before: there is one session.
  if (headers.length > 0) state.headers = headers;
  const { events } = state.context;
  if (events.has("committed")) {
    const bytes = writes.has(outcome) ? (state.stored?.bytes ?? 0) : 0;
    events.publish("committed", { outcome, bytes, duration: performance.now() - begun });
  }
  return state.headers.flatMap(([name, value]) => (isSetCookie(name) ? [value] : []));
}

/** The outcomes that store a payload. */
const writes: ReadonlySet<Saved["outcome"]> = new Set(["created", "updated", "regenerated"]);

/** What a commit did, and the headers it takes. */
interface Saved {
  readonly outcome: SessionEvents["committed"]["outcome"];
  readonly headers: readonly ResponseHeader[];
}

const nothing: Saved = { outcome: "nothing", headers: [] };

function save(state: SessionState): Saved | Promise<Saved> {
  if (!needsSave(state)) return nothing;
  if (state.isDisabled) return clear(state);
  const changes = state.changes();
  if (state.nullBecause !== undefined) {
    if (changes.length > 0) throw outOfReach(state.nullBecause);
    return nothing;
  }
  const permanentChanged =
    state.permanent !== undefined && state.permanent !== state.stored?.record.permanent;
  if (state.stored === undefined) {
    // Nothing is stored, and no cookie set, until something is written.
    if (changes.length === 0 && !permanentChanged) return clear(state);
    return create(state, changes);
  }
  const reason = state.regenerate ? "asked" : changes.some(concernsPrivilege) ? "field-changed" : undefined;
  if (reason !== undefined) return regenerate(state, changes, reason);
  if (changes.length > 0 || permanentChanged) return update(state, changes, permanentChanged);
  return touch(state);
}

function concernsPrivilege(change: Change): boolean {
  return change.field.regenerate === "on-change";
}

async function create(state: SessionState, changes: readonly Change[]): Promise<Saved> {
  const { context } = state;
  const record = await inEpoch(context, apply(state, undefined, changes));
  const stored = await writeNew(context, record, state);
  state.rebase(stored, changes);
  state.cookieToClear = false;
  context.events.publish("created", { permanent: record.permanent });
  return { outcome: "created", headers: handOut(state) };
}

async function update(
  state: SessionState,
  changes: readonly Change[],
  permanentChanged: boolean,
): Promise<Saved> {
  const stale = state.cookieIsStale;
  await refuseRevoked(state);
  const stored = await writeMerged(state, changes);
  state.rebase(stored, changes);
  const anew = permanentChanged || stale || state.isPermanent || repeats(state);
  return { outcome: "updated", headers: anew ? handOut(state) : [] };
}

async function touch(state: SessionState): Promise<Saved> {
  const { stored, context } = state;
  const stale = state.cookieIsStale;
  if (stored === undefined || !(touchDue(state) || stale)) return nothing;
  const expiresAt = expiryOf(state.lifetime, state.createdAt, context.clock());
  const index = indexValues(context, stored.record);
  const result = await context.store.touch(stored.key, expiresAt, stored.version, index);
  // Gone or changed meanwhile: nothing was changed here, so nothing is lost, and the next request finds out by itself.
  if (result === "gone") publishExpired(state);
  if (result !== "touched") return nothing;
  state.stored = { ...stored, expiresAt };
  state.cookieIsStale = false;
  const anew = stale || state.isPermanent || repeats(state);
  return { outcome: "touched", headers: anew ? handOut(state) : [] };
}

/**
 * A new id for the same session. The record is written under the new id before the old one is removed, and the old one
 * only in the state that was merged: nobody else's change is lost. Interrupted in between, the new id is known to nobody.
 */
async function regenerate(
  state: SessionState,
  changes: readonly Change[],
  reason: "asked" | "field-changed",
): Promise<Saved> {
  const { context } = state;
  let old = required(state);
  await refuseRevoked(state);
  let moved = await writeNew(context, apply(state, old.record, changes), state);
  for (let attempt = 1; !(await context.store.remove(old.key, old.version)); attempt += 1) {
    await backOff(attempt);
    const current = await context.store.read(old.key);
    if (current === undefined || attempt > context.maxConflicts) {
      await context.store.remove(moved.key);
      throw current === undefined ? gone() : contended();
    }
    publishConflict(context, attempt, changes);
    old = { ...old, version: current.version, record: decodeCurrent(context, old.key, current) };
    const merged = await applyOr(state, old.record, changes, () => context.store.remove(moved.key));
    const record = bind(state, moved.id, merged);
    const payload = encodeStored(context, record, moved.key);
    const written = await put(context, moved.key, record, payload, moved.version, moved.expiresAt);
    // Nobody knows the new id, but sessions can be revoked by a field: this one must not be brought back.
    if (!written.ok) throw gone();
    moved = { ...moved, record, version: written.version, bytes: payload.byteLength };
  }
  state.rebase(moved, changes);
  context.events.publish("regenerated", { reason });
  return { outcome: "regenerated", headers: handOut(state) };
}

/**
 * Removes the session; what is assigned afterwards begins a new one.
 *
 * @throws SessionError `session/gone` when it was not there any more: it may go on under a new id, and nobody may take it for
 *   ended; `store/…`
 */
export async function destroy(state: SessionState): Promise<void> {
  const { stored, context } = state;
  state.restart(undefined);
  if (stored === undefined) return;
  state.cookieToClear = true;
  if (!(await context.store.remove(stored.key))) throw gone();
  context.events.publish("destroyed", { by: "session" });
}

function touchDue(state: SessionState): boolean {
  const { stored, context } = state;
  if (stored === undefined) return false;
  if (context.cookie.refresh === "every-request")
    return expiryOf(state.lifetime, state.createdAt, context.clock()) > stored.expiresAt;
  if (!state.accessed) return false;
  return touchIsDue(state.lifetime, state.createdAt, stored.expiresAt, context.clock());
}

function clear(state: SessionState): Saved {
  if (!state.cookieToClear) return nothing;
  state.cookieToClear = false;
  return { outcome: "cookie-cleared", headers: state.channel?.forget() ?? [] };
}

function handOut(state: SessionState): readonly ResponseHeader[] {
  return state.channel?.handOut(required(state), state.isPermanent) ?? [];
}

/** Whatever is saved must go back to the client. */
function repeats(state: SessionState): boolean {
  return state.channel?.repeats ?? false;
}
