import { isRecord } from "../../checks/is-record.js";
import { type SessionDefinition, storedNames } from "../definition.js";
import { PackedReader } from "../packed/reader.js";
import { PackedWriter } from "../packed/writer.js";
import type { PlainCodec } from "../plain/codec.js";
import { fromBase64, objectOf, toBase64, toJson } from "../plain/tagged.js";
import { UnreadableValue, UnverifiableHistory } from "../unreadable.js";
import { beginningOf } from "./beginning.js";
import { extraMembers, extrasFromPlain, extrasToPlain } from "./extras.js";
import { type KnownHistory, withoutForeign } from "./history.js";
import { MAX_MARKS, uint32 } from "./marks.js";
import { roundCreatedAt, type SessionRecord } from "./record.js";
import { checkRewritable } from "./rewritable.js";
import { slotsFromPlain } from "./slots.js";

/** Names of the envelope's members in json and msgpack documents. `_permanent` is Flask's own. */
const members = {
  createdAt: "$createdAt",
  permanent: "_permanent",
  epoch: "$epoch",
  marks: "$marks",
  slots: "$slots",
  history: "$history",
} as const;
const envelope: ReadonlySet<string> = new Set([...Object.values(members), ...Object.values(extraMembers)]);

/**
 * Gives a session as the json and msgpack formats hold it: fields by their names. What the schema
 * does not know stays by slot, and only then the document says which history of the lock the slots
 * are of.
 * @param historyMark - of the record that is written
 */
export function documentOf(
  record: SessionRecord,
  fields: SessionDefinition,
  plain: PlainCodec,
  historyMark: Uint8Array | undefined,
): Readonly<Record<string, unknown>> {
  const document: Record<string, unknown> = { [members.createdAt]: roundCreatedAt(record.createdAt) };
  if (record.permanent) document[members.permanent] = true;
  if (record.epoch !== undefined) document[members.epoch] = record.epoch;
  if (record.marks !== undefined && record.marks.length > 0)
    document[members.marks] = record.marks.slice(0, MAX_MARKS);
  Object.assign(document, extrasToPlain(record));
  for (const [name, value] of Object.entries(record.unknown ?? {})) {
    // A packed payload has its envelope elsewhere: keys of these names are not part of it.
    if (envelope.has(name)) continue;
    document[name] = plain.format === "json" ? toJson(value) : value;
  }
  const slots = new Map(record.fields);
  for (const field of fields) {
    const bytes = slots.get(field.slot);
    if (bytes === undefined) continue;
    try {
      document[storedNames(field)[0]] = field.codec.toPlain(field.codec.read(new PackedReader(bytes)), plain);
      slots.delete(field.slot);
    } catch (error) {
      // Unreadable to this version of the schema: it travels on with the slots that are unknown
      // altogether.
      if (!(error instanceof UnreadableValue)) throw error;
    }
  }
  for (const { former = [], name } of fields) {
    for (const { slot, codec, stored = [name] as const } of former) {
      const bytes = slots.get(slot);
      if (bytes === undefined || Object.hasOwn(document, stored[0])) continue;
      try {
        document[stored[0]] = codec.toPlain(codec.read(new PackedReader(bytes)), plain);
        slots.delete(slot);
      } catch (error) {
        if (!(error instanceof UnreadableValue)) throw error;
      }
    }
  }
  if (slots.size > 0) {
    document[members.slots] = Object.fromEntries([...slots].map(([slot, bytes]) => [slot, toBase64(bytes)]));
  }
  if (historyMark !== undefined && speaksOfSlots(document)) document[members.history] = toBase64(historyMark);
  return document;
}

/** Whether a document, or an object in it, has members by slot. */
function speaksOfSlots(document: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(document, extraMembers.ends) || hasSlots(document);
}

function hasSlots(value: unknown): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return Object.hasOwn(value, members.slots) || Object.values(value).some(hasSlots);
}

/**
 * Does the inverse of {@link documentOf}.
 * @param now - when a session began whose document does not say
 * @throws UnverifiableHistory, UnreadableValue
 */
export function recordOf(
  value: unknown,
  definition: SessionDefinition,
  plain: PlainCodec,
  { now, history }: { readonly now: number; readonly history?: KnownHistory | undefined },
): SessionRecord {
  const document = plain.readObject(value);
  const shared = history === undefined ? Number.POSITIVE_INFINITY : sharedBy(document, history);
  const isShared = shared === Number.POSITIVE_INFINITY;
  const rest = new Map(Object.entries(document));
  const envelopeMembers = readEnvelope(rest, plain, now);
  const slots = rest.get(members.slots);
  const bySlot =
    slots === undefined ? new Map<number, Uint8Array>() : slotsFromPlain(plain.readObject(slots));
  for (const name of envelope) rest.delete(name);
  // Within objects, too, slots of another history would be taken for those of this one.
  if (!isShared) for (const [name, member] of rest) rest.set(name, withoutSlots(member));
  const named = readNamed(rest, definition, plain);
  const unknown = objectOf([...rest]);
  checkRewritable(unknown);
  const record = {
    ...envelopeMembers,
    fields: new Map([...bySlot, ...named]),
    ...(rest.size > 0 && { unknown }),
  };
  if (isShared) return record;
  const within = definition.filter((field) => history?.isWithin(field, shared));
  const slotsWithin = new Set(within.map(({ slot }) => slot));
  const ends = record.ends && new Map([...record.ends].filter(([slot]) => slotsWithin.has(slot)));
  // Names mean the same under every history.
  return withoutForeign(
    { ...record, ...(ends && { ends }) },
    definition,
    ({ slot }) => named.has(slot) || slotsWithin.has(slot),
  );
}

function withoutSlots(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSlots);
  if (!isRecord(value)) return value;
  const others = Object.entries(value).filter(([name]) => name !== members.slots);
  return objectOf(others.map(([name, member]) => [name, withoutSlots(member)]));
}

/** How much of the document's slots can be trusted; names always can. */
function sharedBy(document: Readonly<Record<string, unknown>>, history: KnownHistory): number {
  const mark = document[members.history];
  if (typeof mark === "string") return history.sharedWith(fromBase64(mark));
  if (speaksOfSlots(document)) throw new UnverifiableHistory();
  return Number.POSITIVE_INFINITY;
}

function readEnvelope(
  document: ReadonlyMap<string, unknown>,
  plain: PlainCodec,
  now: number,
): Omit<SessionRecord, "fields"> {
  const createdAt = document.get(members.createdAt);
  const epoch = document.get(members.epoch);
  const marks = document.get(members.marks);
  const mark = document.get(members.history);
  return {
    createdAt: createdAt === undefined ? roundCreatedAt(now) : beginningOf(plain.readNumber(createdAt)),
    permanent: document.get(members.permanent) === true,
    ...(epoch !== undefined && { epoch: uint32(plain.readNumber(epoch)) }),
    ...(marks !== undefined && {
      marks: plain
        .readArray(marks)
        .slice(0, MAX_MARKS)
        .map((one) => uint32(plain.readNumber(one))),
    }),
    ...(mark !== undefined && { historyMark: fromBase64(plain.readString(mark)) }),
    ...extrasFromPlain(document, plain),
  };
}

/**
 * Gives what a packed session has by names that this version of the schema does know, but the one
 * that wrote it did not.
 */
export function withNamed(
  record: SessionRecord,
  definition: SessionDefinition,
  plain: PlainCodec,
): SessionRecord {
  if (record.unknown === undefined) return record;
  const { unknown, ...known } = record;
  const rest = new Map(Object.entries(unknown));
  const absent = definition.filter(({ slot }) => !record.fields.has(slot));
  const named = readNamed(rest, absent, plain);
  if (named.size === 0) return record;
  return {
    ...known,
    fields: new Map([...record.fields, ...named]),
    ...(rest.size > 0 && { unknown: objectOf([...rest]) }),
  };
}

/**
 * Takes the fields out of what is left of a document, by slot; what is not as the schema says stays
 * there.
 */
function readNamed(
  rest: Map<string, unknown>,
  definition: SessionDefinition,
  plain: PlainCodec,
): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  const writer = new PackedWriter();
  for (const field of definition) {
    const name = storedNames(field).find((one) => rest.has(one));
    if (name === undefined) continue;
    const stored = rest.get(name);
    try {
      const member = field.codec.fromPlain(stored, plain);
      // The codec of packed bytes trusts its values; a document may have been written by anybody.
      field.check(member);
      field.codec.write(writer, member);
      fields.set(field.slot, writer.take());
      rest.delete(name);
    } catch {
      // Left among the unknown keys: kept as it is until the field is assigned.
      writer.take();
    }
  }
  for (const { former = [], name } of definition) {
    for (const { slot, codec, stored = [name] as const } of former) {
      if (!rest.has(stored[0])) continue;
      try {
        codec.write(writer, codec.fromPlain(rest.get(stored[0]), plain));
        fields.set(slot, writer.take());
        rest.delete(stored[0]);
      } catch {
        writer.take();
      }
    }
  }
  return fields;
}
