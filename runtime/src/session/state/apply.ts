import { withoutEnded } from "../../codec/record/ended.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { contended } from "../context/refusals.js";

import type { Change } from "./change.js";
import { mergedEnd, tryMerge } from "./merge.js";
import type { SessionState } from "./state.js";

/** What is to be stored: `theirs` with the changes merged in, without what has ended. */
export function apply(
  state: SessionState,
  stored: SessionRecord | undefined,
  changes: readonly Change[],
): SessionRecord {
  const { fields: definition, clock } = state.context;
  const theirs = stored && withoutEnded(stored, definition, clock());
  const fields = new Map(theirs?.fields);
  let ends = theirs?.ends;
  let unknown = theirs?.unknown;
  for (const change of changes) {
    const { slot, name } = change.field;
    const result = tryMerge(change.field, change.base, change.mine, fields.get(slot));
    if (result === undefined && state.locked) throw contended();
    const merged = result === undefined ? change.mine : result.value;
    const end = mergedEnd(change, merged, fields.get(slot), ends?.get(slot));
    if (merged === undefined) fields.delete(slot);
    else fields.set(slot, merged);
    if (end !== ends?.get(slot)) ends = withEnd(ends, slot, end);
    if (unknown !== undefined && Object.hasOwn(unknown, name)) unknown = without(unknown, name);
  }
  return {
    // What the session is bound to, and what a later version put beside the fields.
    ...theirs,
    createdAt: theirs?.createdAt ?? state.createdAt,
    permanent: state.permanent ?? theirs?.permanent ?? false,
    fields,
    ...(ends && { ends }),
    ...(unknown && { unknown }),
  };
}

function withEnd(ends: SessionRecord["ends"], slot: number, end: number | undefined): Map<number, number> {
  const others = new Map(ends);
  if (end === undefined) others.delete(slot);
  else others.set(slot, end);
  return others;
}

function without<T extends object>(members: T, name: string): T {
  const others = { ...members };
  Reflect.deleteProperty(others, name);
  return others;
}

/** As {@link apply}; what was written meanwhile is undone when that fails. */
export async function applyOr(
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
