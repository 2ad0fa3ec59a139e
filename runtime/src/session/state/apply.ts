import { storedNames } from "../../codec/definition.js";
import { viewOf } from "../../codec/packed/part.js";
import { withoutEnded } from "../../codec/record/ended.js";
import { partOfField, withFormers } from "../../codec/record/former.js";
import { PackedFields } from "../../codec/record/packed-fields.js";
import { roundCreatedAt, type SessionRecord, withParts } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import { contended } from "../context/refusals.js";
import { withoutTold } from "../records/told.js";
import type { Change, Packed } from "./change.js";
import { mergedEnd, tryMerge } from "./merge.js";
import type { Replaced } from "./replaced.js";
import type { SessionState } from "./state.js";
import { inherited, successionOf } from "./succession.js";
import { guardUnread, replacedOf } from "./unread.js";

/**
 * Makes what is to be stored: `theirs` with the changes merged in, without what has ended. Another
 * user's session begins anew, and has of the one before what the options say.
 * @throws SessionError `session/substitute` where a change would replace what cannot be read;
 *   `session/conflict` under a lock
 */
export function apply(
  state: SessionState,
  stored: SessionRecord | undefined,
  changes: readonly Change[],
): SessionRecord {
  const { fields, clock } = state.context;
  const theirs = stored && withoutEnded(stored, fields, clock());
  const replaced = theirs === undefined ? [] : unreadIn(theirs, changes);
  const written = changes.map(({ field }) => field);
  const merged = withFormers(mergedInto(state, theirs, changes), written, (field) => {
    const error = new UnreadableValue("a value of which `down` makes an old one");
    state.context.events.unreadable(error, field.name);
  });
  const succession = theirs && successionOf(fields, theirs, merged);
  // What the user before had goes with that user, be it readable or not.
  const goes = ({ field }: Replaced): boolean => succession?.drop !== true || field.identity !== undefined;
  guardUnread(state, replaced.filter(goes));
  if (succession === undefined) return merged;
  const begun = { ...merged, createdAt: roundCreatedAt(clock()) };
  if (!succession.drop) return begun;
  const { unknown: _, more: __, ...envelope } = begun;
  return { ...envelope, ...inheritance(changes), permanent: state.asked.permanent ?? false };
}

function unreadIn(theirs: SessionRecord, changes: readonly Change[]): readonly Replaced[] {
  const unread: Replaced[] = [];
  for (const change of changes) {
    const replaced = replacedOf(theirs, change, partOfField(theirs, change.field));
    if (replaced !== undefined) unread.push(replaced);
  }
  return unread;
}

/** All that the next user gets: nothing that the changes did not bring, be it known or not. */
function inheritance(changes: readonly Change[]): Pick<SessionRecord, "fields" | "ends"> {
  const fields = new Map<number, Uint8Array>();
  const ends = new Map<number, number>();
  for (const change of changes) {
    const value = inherited(change);
    if (value === undefined) continue;
    fields.set(change.field.slot, viewOf(value));
    if (change.end !== undefined) ends.set(change.field.slot, change.end);
  }
  return { fields, ends };
}

function mergedInto(
  state: SessionState,
  theirs: SessionRecord | undefined,
  changes: readonly Change[],
): SessionRecord {
  const before = theirs === undefined ? PackedFields.none : PackedFields.of(theirs.fields);
  const changed: [slot: number, merged: Packed][] = [];
  let ends = theirs?.ends;
  let unknown = theirs?.unknown;
  for (const change of changes) {
    const { slot } = change.field;
    const stored = theirs && partOfField(theirs, change.field);
    const result = tryMerge(change, stored);
    if (result === undefined && state.isLocked) throw contended();
    const merged = result === undefined ? change.mine : result.value;
    const end = mergedEnd(change, merged, stored, ends?.get(slot));
    changed.push([slot, merged]);
    if (end !== ends?.get(slot)) ends = withEnd(ends, slot, end);
    if (unknown !== undefined) unknown = without(unknown, storedNames(change.field));
  }
  const own: { -readonly [Part in keyof SessionRecord]: SessionRecord[Part] } = {
    createdAt: theirs?.createdAt ?? state.createdAt,
    permanent: state.asked.permanent ?? theirs?.permanent ?? false,
    fields: before.withAll(changed),
  };
  if (ends !== undefined) own.ends = ends;
  if (unknown !== undefined) own.unknown = unknown;
  // With what the session is bound to, and what a later version put beside the fields.
  const all = theirs === undefined ? own : withParts(theirs, own);
  return all.more === undefined
    ? all
    : withoutTold(
        all,
        changes.flatMap(({ field }) => [field, ...(field.former ?? [])].map(({ slot }) => slot)),
      );
}

function withEnd(ends: SessionRecord["ends"], slot: number, end: number | undefined): Map<number, number> {
  const others = new Map(ends);
  if (end === undefined) others.delete(slot);
  else others.set(slot, end);
  return others;
}

/** The same members, but for those of the names. */
function without(
  members: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (!names.some((name) => Object.hasOwn(members, name))) return members;
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
