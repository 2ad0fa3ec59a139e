import { UnreadableValue } from "../../codec/unreadable.js";
import { isSetCookie } from "../../cookie/cookie.js";
import type { StoredSession } from "../../stores/store.js";
import type { SessionContext } from "../context/options.js";
import { contended, headersLeft, notKnown, outOfReach } from "../context/refusals.js";
import { indexValues } from "../records/index-values.js";
import { decodeStored } from "../records/stored-record.js";
import { apply } from "../state/apply.js";
import type { Change } from "../state/change.js";
import { expiryOf, touchIsDue } from "../state/lifetime.js";
import type { SessionState } from "../state/state.js";
import type { StoredState } from "../state/stored-state.js";
import { conclude } from "./conclude.js";
import { isEarlier } from "./earlier.js";
import { publishExpired } from "./expired.js";
import type { Part } from "./group.js";
import { Dropped, refuseWhileHeld } from "./held.js";
import { inEpoch } from "./in-epoch.js";
import { giveUpLater } from "./later.js";
import { newMark } from "./marks.js";
import type { Operate, Turn } from "./queue.js";
import { moveHome, regenerate } from "./regenerate.js";
import { begun, type Committed, settle } from "./settle.js";
import { publishReplaced, setAsideUnread } from "./unread.js";
import { Update } from "./update.js";
import { checkWhole } from "./whole.js";
import { attempt, bind, draftOf, foundAs, required, storedAs } from "./write.js";

/**
 * Tells whether {@link commit} would talk to the store or set a header. May say yes without need,
 * never no.
 */
export function needsCommit(state: SessionState): boolean {
  return state.answer.headers.length > 0 || needsSave(state);
}

function needsSave(state: SessionState): boolean {
  // What was destroyed before stays so, and the client is to know: in a session that travels whole,
  // this is what ends it.
  if (state.isDisabled) return state.answer.owesEnd;
  if (state.nullBecause !== undefined) return state.values.mayHaveChanged();
  return isAskedFor(state) || state.values.mayHaveChanged();
}

/** Whether there may be something to do though no field was changed. */
function isAskedFor(state: SessionState): boolean {
  const { regenerate, persist, permanent, resend } = state.asked;
  if (regenerate || persist || resend || permanent !== undefined || state.answer.owesEnd) return true;
  return !state.pending.isEmpty || touchDue(state);
}

/**
 * Saves what changed, and leaves in the state the headers that the response needs, those of earlier
 * commits included. Gives back the values of those that are Set-Cookie. Read-only requests cost no
 * write, except that the expiry is moved when half the idle time is used up.
 *
 * @throws SessionError `session/gone` when the session ended meanwhile, `session/conflict` when
 *   others kept writing first, `session/null-session` when values of a null session were changed in
 *   place, `session/moved`, `session/unclear`, `session/headers-sent`, `session/too-large`,
 *   `session/substitute` when a change would replace what cannot be read, `store/…` when the store
 *   failed; SessionFieldError when a value was changed in place to a forbidden one
 */
export function commit(state: SessionState): Promise<readonly string[]> {
  const begun = performance.now();
  try {
    const saving = save(state, begun);
    return typeof saving === "string"
      ? Promise.resolve(committed(state, begun, saving))
      : saving.then((outcome) => committed(state, begun, outcome));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Tells what a commit did, and gives what {@link commit} gives. */
function committed(state: SessionState, begun: number, outcome: Committed): readonly string[] {
  const { events } = state.context;
  if (events.has("committed")) {
    const bytes = writes.has(outcome) ? (state.stored?.bytes ?? 0) : 0;
    events.publish("committed", { outcome, bytes, duration: performance.now() - begun });
  }
  const { headers } = state.answer;
  return headers.length === 0 ? [] : headers.flatMap(([name, value]) => (isSetCookie(name) ? [value] : []));
}

/** The outcomes that store a payload. */
const writes: ReadonlySet<Committed> = new Set(["created", "updated", "regenerated"]);

/** @param begun - when the commit began, by `performance.now()` */
function save(state: SessionState, begun: number): Committed | Promise<Committed> {
  if (state.isDisabled) return clear(state);
  // What is still to be saved is known once that is settled.
  if (!state.pending.isEmpty) return saveInTime(state, begun, undefined);
  const changes = state.values.changes();
  if (state.nullBecause !== undefined) {
    if (changes.length > 0) throw outOfReach(state.nullBecause);
    return "nothing";
  }
  // A request that only reads makes no promise for it.
  if (changes.length === 0 && !isAskedFor(state)) return "nothing";
  return saveInTime(state, begun, changes);
}

async function saveInTime(
  state: SessionState,
  begun: number,
  given: readonly Change[] | undefined,
): Promise<Committed> {
  let changes = given;
  let settled: Committed = "nothing";
  state.begin(begun);
  try {
    for (let count = 0; ; count += 1) {
      state.replacing.begin();
      try {
        if (!state.pending.isEmpty) {
          settled = await settle(state);
          changes = undefined;
        }
        const saved = await saveChanges(state, changes ?? state.values.changes());
        if (saved === "late") throw contended();
        // Written with others': what became of it is settled first.
        if (saved === "unclear") continue;
        publishReplaced(state);
        tellUnclear(state);
        return saved === "nothing" ? settled : saved;
      } catch (error) {
        await setAsideUnread(state, error, count);
        changes = undefined;
      }
    }
  } catch (error) {
    if (error instanceof Dropped) return "nothing";
    throw error;
  } finally {
    state.end();
  }
}

/** Once all else is saved: what may or may not be. */
function tellUnclear({ pending }: SessionState): void {
  const unclear = pending.takeUnclear();
  if (unclear.length > 0) throw notKnown(unclear);
}

function saveChanges(state: SessionState, changes: readonly Change[]): Committed | Promise<Turn<Committed>> {
  refuseWhileHeld(state, changes);
  checkWhole(state, changes);
  const { answer, asked, changesPermanence, context } = state;
  if (state.stored === undefined) {
    // Nothing is stored, and no cookie set, until something is written.
    if (changes.length === 0 && !changesPermanence && !asked.persist) return clear(state);
    if (answer.haveLeft) throw headersLeft("beginning a session");
    return create(state, changes);
  }
  const reason = asked.regenerate ? "asked" : changes.some(concernsPrivilege) ? "field-changed" : undefined;
  if (
    answer.haveLeft &&
    (reason !== undefined || changesPermanence || (changes.length > 0 && answer.carries))
  )
    throw headersLeft(reason === undefined ? "what was changed" : "a new id");
  if (reason !== undefined) {
    return inTurn(state, "regenerated", async (ahead) => {
      await regenerate(state, changes, reason, ahead);
      return undefined;
    });
  }
  const isChanged = changes.length > 0 || changesPermanence;
  if (isEarlier(context, state.stored) && (isChanged || touchDue(state) || asked.resend))
    return inTurn(state, "updated", (ahead) => moveToday(state, changes, ahead));
  if (isChanged) {
    const update = new Update(state, changes);
    const alone = (ahead: StoredState | undefined): Promise<StoredState> => update.alone(ahead);
    // Under a lock, what others have changed is not merged.
    return inTurn(state, "updated", alone, state.isLocked ? undefined : update);
  }
  return touch(state);
}

function concernsPrivilege({ field }: Change): boolean {
  return field.regenerate === "on-change";
}

async function create(state: SessionState, changes: readonly Change[]): Promise<Turn<Committed>> {
  const { context, pending } = state;
  const id = state.idToBe;
  const target = { id, key: context.store.keyOf(id) };
  const mark = newMark();
  const record = await inEpoch(context, bind(state, id, apply(state, undefined, changes)));
  const draft = draftOf(state, target, { record, mark, before: undefined });
  const result = await attempt(state, draft, undefined, { mark, changes }).catch((error: unknown) => {
    if (pending.write !== undefined) giveUpLater(state, pending.write);
    throw error;
  });
  if (result.ok) {
    pending.written();
    state.rebase(storedAs(draft, result.version), changes);
    return begun(state);
  }
  const { write } = pending;
  const late = result.current && foundAs(context, target, result.current);
  // 256 random bits met twice: the generator of ids is broken, and going on would hand out
  // somebody's session.
  if (write?.key !== target.key || late === undefined || !conclude(state, write, late)) throw contended();
  // It was an earlier attempt that came late.
  begun(state);
  const saved = await saveChanges(state, state.values.changes());
  return saved === "late" || saved === "unclear" ? saved : "created";
}

/**
 * Does so when those are done that wrote the session before, in this process.
 * @param part - what may be written together with others' in place of that
 */
function inTurn(
  state: SessionState,
  outcome: Committed,
  operate: Operate,
  part?: Part,
): Promise<Turn<Committed>> {
  return state.context.store.line.stand(required(state).key, state.until, operate, outcome, part);
}

/** Writes a session that lies under a key of before under its key of today. */
async function moveToday(
  state: SessionState,
  changes: readonly Change[],
  ahead: StoredState | undefined,
): Promise<StoredState> {
  const old = required(state);
  // Another request has done so: of this process, or of another one.
  if (ahead !== undefined && ahead.key !== old.key) return new Update(state, changes).alone(ahead);
  const home = await moveHome(state, { old, changes });
  return home === undefined ? required(state) : new Update(state, changes).alone(home);
}

async function touch(state: SessionState): Promise<Committed> {
  const { stored, context, answer } = state;
  const { resend } = state.asked;
  if (stored === undefined || !(touchDue(state) || resend)) return "nothing";
  if (answer.haveLeft && answer.carries) return "nothing";
  const expiresAt = expiryOf(state.lifetime, state.createdAt, context.clock());
  const touched: { -readonly [Part in keyof StoredState]: StoredState[Part] } = { ...stored, expiresAt };
  answer.refuseUnfit(touched);
  const { key, version: expect, record } = stored;
  const index = indexValues(context, record);
  let result = await context.store.touch({ key, expiresAt, expect, index });
  if (result === "changed") {
    // Whoever writes stored sessions anew leaves their end where it is.
    const current = await context.store.read(key);
    if (current !== undefined && isSame(context, stored, current)) {
      result = await context.store.touch({ key, expiresAt, expect: current.version, index });
      touched.version = current.version;
    }
  }
  // Gone or changed meanwhile: nothing was changed here, so nothing is lost. Whoever has changed it
  // has moved its end, too.
  if (result === "gone") publishExpired(state);
  if (result !== "touched") return "nothing";
  state.touched(touched);
  if (resend || (state.isPermanent && expiresAt !== stored.expiresAt) || answer.repeats)
    answer.handOut(touched);
  return "touched";
}

/**
 * Whether nobody has changed the session: it has the mark of the last commit that is known here.
 */
function isSame(context: SessionContext, { key, record }: StoredState, current: StoredSession): boolean {
  const [mark] = record.marks ?? [];
  try {
    return mark !== undefined && decodeStored(context, current.payload, key).marks?.[0] === mark;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return false;
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

/** Has the client forget what it sent. */
function clear({ answer }: SessionState): Committed {
  return answer.payEnd() ? "cookie-cleared" : "nothing";
}
