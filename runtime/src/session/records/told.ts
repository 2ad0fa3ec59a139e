import { createHash } from "node:crypto";
import { packed as packedBy } from "../../codec/packed/pool.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { type SessionRecord, withParts } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";

/**
 * The part of a session's envelope that says which values that cannot be read may be replaced,
 * since a change of them was refused: packed, a map of the slot and a digest of the value. A
 * version that does not know it carries it on.
 */
const PART = "told";

/** A stored value that cannot be read: where it stands, and its bytes. */
export interface UnreadSlot {
  readonly slot: number;
  readonly bytes: Uint8Array;
}

/** Gives 8 characters of base64url that tell one value of a slot from others. */
export function digestOf({ slot, bytes }: UnreadSlot): string {
  return createHash("sha256").update(`${slot}:`).update(bytes).digest("base64url").slice(0, 8);
}

/** Says whether a change of this very value was refused before. */
export function isTold(record: SessionRecord, unread: UnreadSlot): boolean {
  return toldIn(record).get(unread.slot) === digestOf(unread);
}

/** Notes that changes of these values were refused. */
export function withTold(record: SessionRecord, unread: readonly UnreadSlot[]): SessionRecord {
  const told = new Map(toldIn(record));
  for (const one of unread) told.set(one.slot, digestOf(one));
  return withParts(record, { more: new Map(record.more).set(PART, packedTold(told)) });
}

/** Forgets what was noted of values that are not there any more. */
export function withoutTold(record: SessionRecord, slots: readonly number[]): SessionRecord {
  const told = toldIn(record);
  if (!slots.some((slot) => told.has(slot))) return record;
  const left = new Map([...told].filter(([slot]) => !slots.includes(slot)));
  const more = new Map(record.more);
  if (left.size === 0) more.delete(PART);
  else more.set(PART, packedTold(left));
  return withParts(record, { more });
}

function toldIn({ more }: SessionRecord): ReadonlyMap<number, string> {
  const part = more?.get(PART);
  if (part === undefined) return new Map();
  try {
    const reader = new PackedReader(part);
    const told = new Map<number, string>();
    for (let left = reader.map(); left > 0; left -= 1) told.set(reader.int(), reader.string());
    return told;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    // It was written by something else: the change is refused once more.
    return new Map();
  }
}

function packedTold(told: ReadonlyMap<number, string>): Uint8Array {
  return packedBy((writer) => {
    writer.map(told.size);
    for (const [slot, digest] of told) {
      writer.int(slot);
      writer.string(digest);
    }
  });
}
