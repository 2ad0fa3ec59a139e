import { SessionError } from "../errors.js";
import { withoutEnded } from "../serializer/ended.js";
import type { SessionRecord } from "../serializer/record.js";
import { UnreadableValue } from "../serializer/unreadable.js";
import type { Expectation, StoredSession, WriteResult } from "../stores/store.js";
import type { ResponseHeader } from "../transports/transport.js";
import { bindingOf } from "./binding.js";
import type { SessionEvents } from "./events.js";
import type { Change } from "./field-value.js";
import { indexValues } from "./index-values.js";
import { endedBy, expiryOf, touchIsDue } from "./lifetime.js";
import { mergedEnd, tryMerge } from "./merge.js";
import type { SessionContext } from "./options.js";
import type { SessionState, StoredState } from "./state.js";
import { decodeStored, encodeStored } from "./stored-record.js";

/** Whether {@link commit} would talk to the store or set a header. May say yes without need, never no. */
export function needsCommit(state: SessionState): boolean {
  return state.headers.length > 0 || needsSave(state);
}

function needsSave(state: SessionState): boolean {
  if (state.isDisabled) return false;
  if (state.nullBecause !== undefined) return state.mayHaveChanges();
  if (state.cookieToClear || state.cookieIsStale || state.regenerate || state.permanent !== undefined)
    return true;
  return state.mayHaveChanges() || touchDue(state);
}

/**
 * Saves what changed and gives back the headers that the response needs, those of earlier commits included.
 * Read-only requests cost no write, except that the expiry is moved when half the idle time is used up.
 *
 * @throws SessionError `session/gone` when the session ended meanwhile, `session/conflict` when others kept writing
 *   first, `session/null-session` when values of a null session were changed in place, `store/…` when the store failed;
 *   SessionFieldError when a value was changed in place to a forbidden one
 */
export async function commit(state: SessionState): Promise<readonly ResponseHeader[]> {
  const begun = performance.now();
  const { outcome, headers } = await save(state);
  // Each replaces the one before: there is one session.
  if (headers.length > 0) state.headers = headers;
  const { events } = state.context;
  if (events.has("committed")) {
    const bytes = writes.has(outcome) ? (state.stored?.bytes ?? 0) : 0;
    events.publish("committed", { outcome, bytes, duration: performance.now() - begun });
  }
  return state.headers;
}

/** The outcomes that store a payload. */
const writes: ReadonlySet<Saved["outcome"]> = new Set(["created", "updated", "regenerated"]);

/** What a commit did, and the headers it takes. */
interface Saved {
  readonly outcome: SessionEvents["committed"]["outcome"];
  readonly headers: readonly ResponseHeader[];
}

const nothing: Saved = { outcome: "nothing", headers: [] };

async function save(state: SessionState): Promise<Saved> {
  if (!needsSave(state)) return nothing;
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
  const record = apply(state, undefined, changes);
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
  state.rebase(await writeMerged(state, changes), changes);
  const anew = permanentChanged || stale || state.isPermanent || repeats(state);
  return { outcome: "updated", headers: anew ? handOut(state) : [] };
}

async function touch(state: SessionState): Promise<Saved> {
  const { stored, context } = state;
  const stale = state.cookieIsStale;
  if (stored === undefined || !(touchDue(state) || stale)) return nothing;
  const expiresAt = expiryOf(state.lifetime, state.createdAt, context.clock());
  // Gone meanwhile: nothing was changed, so nothing is lost, and the next request finds out by itself.
  if (!(await context.store.touch(stored.id, expiresAt, indexValues(context.fields, stored.record)))) {
    publishExpired(state);
    return nothing;
  }
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
  let moved = await writeNew(context, apply(state, old.record, changes), state);
  for (let attempt = 1; !(await context.store.remove(old.id, old.version)); attempt += 1) {
    const current = await context.store.read(old.id);
    if (current === undefined || attempt > context.maxConflicts) {
      await context.store.remove(moved.id);
      throw current === undefined ? gone() : contended();
    }
    publishConflict(context, attempt, changes);
    old = { ...old, version: current.version, record: decodeCurrent(context, old.id, current) };
    const merged = await applyOr(state, old.record, changes, () => context.store.remove(moved.id));
    const record = bind(context, moved.id, merged);
    const written = await write(context, moved.id, record, moved.version, moved.expiresAt);
    // Nobody knows the new id, but sessions can be revoked by a field: this one must not be brought back.
    if (!written.ok) throw gone();
    moved = { ...moved, record, version: written.version, bytes: written.bytes };
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
  state.reset();
  if (stored === undefined) return;
  state.cookieToClear = true;
  if (!(await context.store.remove(stored.id))) throw gone();
  context.events.publish("destroyed", { by: "session" });
}

/** Writes under a fresh id, which nobody else can have. */
async function writeNew(
  context: SessionContext,
  record: SessionRecord,
  state: SessionState,
): Promise<StoredState> {
  const expiresAt = expiryOf(state.lifetime, record.createdAt, context.clock());
  const id = context.generateId();
  const bound = bind(context, id, record);
  const written = await write(context, id, bound, "absent", expiresAt);
  // 256 random bits met twice: the generator of ids is broken, and going on would hand out somebody's session.
  if (!written.ok) throw contended();
  return { id, version: written.version, expiresAt, bytes: written.bytes, record: bound };
}

/** Binds the record to the request; what it was bound to under another id holds no longer. */
function bind({ binding, request }: SessionContext, id: string, record: SessionRecord): SessionRecord {
  const { binding: _, ...unbound } = record;
  return binding === undefined || request === undefined
    ? unbound
    : { ...unbound, binding: bindingOf(binding, id, request) };
}

/** Writes the changes over what was read; when others wrote first, over theirs. */
async function writeMerged(state: SessionState, changes: readonly Change[]): Promise<StoredState> {
  const { context } = state;
  const { id, ...read } = required(state);
  let { version, record: theirs } = read;
  for (let attempt = 1; attempt <= context.maxConflicts + 1; attempt += 1) {
    const record = apply(state, theirs, changes);
    const expiresAt = expiryOf(state.lifetime, record.createdAt, context.clock());
    const result = await write(context, id, record, version, expiresAt);
    if (result.ok) return { id, version: result.version, expiresAt, bytes: result.bytes, record };
    if (result.current === undefined) {
      publishExpired(state);
      throw gone();
    }
    publishConflict(context, attempt, changes);
    version = result.current.version;
    theirs = decodeCurrent(context, id, result.current);
  }
  throw contended();
}

/** What is to be stored: `theirs` with the changes merged in, without what has ended. */
function apply(
  state: SessionState,
  stored: SessionRecord | undefined,
  changes: readonly Change[],
): SessionRecord {
  const { fields: definition, clock } = state.context;
  const theirs = stored && withoutEnded(stored, definition, clock());
  const fields = new Map(theirs?.fields);
  const ends = new Map(theirs?.ends);
  const unknown = { ...theirs?.unknown };
  for (const change of changes) {
    const { slot, name } = change.field;
    const result = tryMerge(change.field, change.base, change.mine, fields.get(slot));
    if (result === undefined && state.locked) throw contended();
    const merged = result === undefined ? change.mine : result.value;
    const end = mergedEnd(change, merged, fields.get(slot), ends.get(slot));
    if (merged === undefined) fields.delete(slot);
    else fields.set(slot, merged);
    if (end === undefined) ends.delete(slot);
    else ends.set(slot, end);
    delete unknown[name];
  }
  return {
    // What the session is bound to, and what a later version put beside the fields.
    ...theirs,
    createdAt: theirs?.createdAt ?? state.createdAt,
    permanent: state.permanent ?? theirs?.permanent ?? false,
    fields,
    ends,
    unknown,
  };
}

/** As {@link apply}; what was written meanwhile is undone when that fails. */
async function applyOr(
  state: SessionState,
  stored: SessionRecord,
  changes: readonly Change[],
  undo: () => Promise<unknown>,
): Promise<SessionRecord> {
  try {
    return apply(state, stored, changes);
  } catch (error) {
    await undo();
    throw error;
  }
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
  return { outcome: "cookie-cleared", headers: state.context.channel?.forget() ?? [] };
}

function handOut(state: SessionState): readonly ResponseHeader[] {
  return state.context.channel?.handOut(required(state), state.isPermanent) ?? [];
}

/** Whatever is saved must go back to the client. */
function repeats(state: SessionState): boolean {
  return state.context.channel?.repeats ?? false;
}

async function write(
  context: SessionContext,
  id: string,
  record: SessionRecord,
  expect: Expectation,
  expiresAt: number,
): Promise<WriteResult & { readonly bytes: number }> {
  const payload = encodeStored(context, record, context.store.keyOf(id));
  const result = await context.store.write(
    id,
    payload,
    expect,
    expiresAt,
    indexValues(context.fields, record),
  );
  return { ...result, bytes: payload.byteLength };
}

/** Decodes what another request wrote; if that cannot be read, this request's changes have nothing to go into. */
export function decodeCurrent(context: SessionContext, id: string, stored: StoredSession): SessionRecord {
  try {
    return decodeStored(context, stored.payload, context.store.keyOf(id));
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    context.events.unreadable(error);
    throw gone();
  }
}

function publishConflict(context: SessionContext, attempt: number, changes: readonly Change[]): void {
  context.events.publish("conflict", { attempt, fields: changes.map(({ field }) => field.name) });
}

/** The session is not there any more: because its time came while the request was at work? */
function publishExpired({ context, stored, lifetime }: SessionState): void {
  if (stored === undefined) return;
  const { expiresAt, record } = stored;
  const reason = endedBy(lifetime, { createdAt: record.createdAt, expiresAt }, context.clock());
  if (reason !== undefined) context.events.publish("expired", { reason });
}

function required(state: SessionState): StoredState {
  if (state.stored === undefined) throw gone();
  return state.stored;
}

/** A null session was written to. */
export function outOfReach(cause: SessionError): SessionError {
  const summary = `The session cannot be written, since sessions do not work: ${cause.message}`;
  return new SessionError("session/null-session", summary, { cause });
}

/** A session was written to that is switched off for this request. */
export function switchedOff(): SessionError {
  return new SessionError(
    "session/disabled",
    "The session cannot be written: it is switched off for this request",
  );
}

/** There is nothing left to change. */
export function gone(): SessionError {
  return new SessionError("session/gone", "The session ended while this request was changing it");
}

function contended(): SessionError {
  return new SessionError("session/conflict", "The session could not be saved: others kept writing first");
}
