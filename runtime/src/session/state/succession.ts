import type { FieldDefinition, SessionDefinition } from "../../codec/definition.js";
import { packPart } from "../../codec/packed/pool.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { partOfField } from "../../codec/record/former.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import { type Change, type Packed, samePacked } from "./change.js";
import { tryMerge } from "./merge.js";

/** What becomes of a session that goes over to another user, or from nobody to one. */
export interface Succession {
  /** Whether the fields of the one before go. */
  readonly drop: boolean;
}

/**
 * Tells whether a session is another user's after it was changed; `undefined`: it is not, or no
 * field says whose it is.
 */
export function successionOf(
  fields: SessionDefinition,
  before: SessionRecord,
  after: SessionRecord,
): Succession | undefined {
  let succession: Succession | undefined;
  for (const field of fields) {
    if (field.identity === undefined || !isChanged(field, before, after)) continue;
    const from = whoIn(field, before);
    if (from === whoIn(field, after)) continue;
    const drop = from === undefined ? field.onLogin === "drop" : field.onNewUser !== "keep";
    succession = { drop: drop || (succession?.drop ?? false) };
  }
  return succession;
}

function isChanged(field: FieldDefinition, before: SessionRecord, after: SessionRecord): boolean {
  return !samePacked(partOfField(before, field), partOfField(after, field));
}

/**
 * Which user it is, as text; nobody: `undefined`. One that cannot be read is somebody, and nobody
 * we know.
 */
function whoIn(field: FieldDefinition, record: SessionRecord): string | undefined {
  const { codec, identity } = field;
  const part = partOfField(record, field);
  if (part === undefined) return undefined;
  try {
    const who = identity?.(codec.read(PackedReader.of(part)));
    if (who === undefined || who === null) return undefined;
    return `${typeof who}:${who instanceof Date ? who.toISOString() : String(who)}`;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return "unreadable";
  }
}

/**
 * Gives what a change leaves for the next user: what was assigned, and what was added to a list.
 * What was changed in place contains what the one before had, and goes with it.
 */
export function inherited(change: Change): Packed {
  const { field, base, mine, assigned } = change;
  if (base === undefined || (assigned && field.flash !== "list")) return mine;
  const { merge } = field;
  const isList = typeof merge === "object" || field.flash === "list";
  if (!isList || mine === undefined) return undefined;
  const empty = packPart<unknown>(field.codec, []);
  return tryMerge(change, empty)?.value;
}
