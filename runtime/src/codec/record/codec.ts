import type { SessionDefinition } from "../definition.js";
import { PackedReader } from "../packed/reader.js";
import { PackedWriter, packed } from "../packed/writer.js";
import { PlainCodec } from "../plain/codec.js";
import { decodeMsgpack, encodeMsgpack } from "../plain/msgpack.js";
import { objectOf, toBase64, toJson } from "../plain/tagged.js";
import { UnreadableValue } from "../unreadable.js";
import { withoutEnded } from "./ended.js";
import {
  extraMembers,
  extrasFromPlain,
  extrasToPlain,
  hasExtras,
  readExtras,
  writeExtras,
} from "./extras.js";
import type { CustomSerializer, Format, SessionRecord } from "./record.js";
import { checkRewritable } from "./rewritable.js";
import { slotsFromPlain } from "./slots.js";

/** Of the packed format; readers refuse a revision they do not know. */
const REVISION = 1;
/** Bits of the packed flags. */
const PERMANENT = 1;
const EXTRAS = 2;
/** Never used by MessagePack: what follows is a custom serializer's. */
const CUSTOM = 0xc1;

const json = new PlainCodec("json");
const msgpack = new PlainCodec("msgpack");

/** Names of the envelope's members in json and msgpack documents. `_permanent` is Flask's own. */
const members = { createdAt: "$createdAt", permanent: "_permanent", slots: "$slots" } as const;
const envelope: ReadonlySet<string> = new Set([...Object.values(members), ...Object.values(extraMembers)]);

/** Encodes a session for the store. */
export function encodeRecord(
  record: SessionRecord,
  fields: SessionDefinition,
  format: Format | CustomSerializer,
): Uint8Array {
  if (format === "packed") return encodePacked(record);
  if (format === "msgpack") return encodeMsgpack(toDocument(record, fields, msgpack));
  if (format === "json") return new TextEncoder().encode(JSON.stringify(toDocument(record, fields, json)));
  const encoded = format.encode(toDocument(record, fields, json));
  const bytes = new Uint8Array(1 + encoded.length);
  bytes[0] = CUSTOM;
  bytes.set(encoded, 1);
  return bytes;
}

/** What {@link decodeRecord} needs beside the bytes. */
export interface DecodeOptions {
  /**
   * Milliseconds since the epoch. Values that have ended by then are left out; a session begins here when its payload does not say
   * when it began (Flask's do not).
   */
  readonly now: number;
  /** Reads payloads that a custom serializer wrote. */
  readonly custom?: CustomSerializer | undefined;
}

/**
 * Decodes a stored session, whichever format it was written in.
 * @throws UnreadableValue, and nothing else, when the payload cannot be read
 */
export function decodeRecord(
  bytes: Uint8Array,
  fields: SessionDefinition,
  options: DecodeOptions,
): SessionRecord {
  try {
    return withoutEnded(decodeAny(bytes, fields, options), fields, options.now);
  } catch (error) {
    // A hostile payload can make any decoder throw anything, the custom one included.
    throw error instanceof UnreadableValue ? error : new UnreadableValue("a session", { cause: error });
  }
}

function decodeAny(
  bytes: Uint8Array,
  fields: SessionDefinition,
  { now, custom }: DecodeOptions,
): SessionRecord {
  const format = formatOf(bytes);
  if (format === "packed") return decodePacked(bytes);
  if (format === "json") return fromDocument(JSON.parse(strictUtf8(bytes)), fields, json, now);
  if (format === "msgpack") return fromDocument(decodeMsgpack(vetted(bytes)), fields, msgpack, now);
  if (format === "custom" && custom !== undefined) {
    return fromDocument(custom.decode(bytes.subarray(1)), fields, json, now);
  }
  throw new UnreadableValue("a known format");
}

/** The format a payload was written in, by its first byte; `undefined` when it is none of them. */
export function formatOf(bytes: Uint8Array): Format | "custom" | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if ((first & 0xf0) === 0x90 || first === 0xdc || first === 0xdd) return "packed";
  if (first === 0x7b) return "json";
  if ((first & 0xf0) === 0x80 || first === 0xde || first === 0xdf) return "msgpack";
  return first === CUSTOM ? "custom" : undefined;
}

/** `[revision, createdAt, flags, bitmap, ...values in slot order, keys outside the schema?, extras?]` */
function encodePacked(record: SessionRecord): Uint8Array {
  return packed((writer) => writePacked(writer, record));
}

function writePacked(writer: PackedWriter, record: SessionRecord): void {
  const slots = [...record.fields.keys()].sort((a, b) => a - b);
  const unknown = record.unknown !== undefined && Object.keys(record.unknown).length > 0;
  const extras = hasExtras(record);
  writer.arrayHeader(4 + slots.length + (unknown ? 1 : 0) + (extras ? 1 : 0));
  writer.int(REVISION);
  writer.number(record.createdAt);
  writer.int((record.permanent ? PERMANENT : 0) | (extras ? EXTRAS : 0));
  writer.bitmap(slots);
  for (const slot of slots) writer.raw(record.fields.get(slot) ?? new Uint8Array());
  if (unknown) writer.unknown(record.unknown);
  if (extras) writeExtras(writer, record);
}

function decodePacked(bytes: Uint8Array): SessionRecord {
  const reader = new PackedReader(bytes);
  const length = reader.arrayHeader();
  if (reader.int() !== REVISION) throw new UnreadableValue("a known revision");
  const createdAt = instant(reader.number());
  const flags = reader.int();
  const slots = reader.bitmap();
  const extended = (flags & EXTRAS) !== 0;
  const rest = length - 4 - slots.length - (extended ? 1 : 0);
  if (rest !== 0 && rest !== 1) throw new UnreadableValue("a session");
  const fields = new Map<number, Uint8Array>();
  for (const slot of slots) fields.set(slot, reader.view());
  const unknown = rest === 1 ? msgpack.readObject(reader.unknown()) : undefined;
  const extras = extended ? readExtras(reader) : undefined;
  reader.end();
  const record = { createdAt, permanent: (flags & PERMANENT) !== 0, fields };
  if (unknown === undefined && extras === undefined) return record;
  checkRewritable(unknown);
  return { ...record, ...(unknown && { unknown }), ...extras };
}

function toDocument(
  record: SessionRecord,
  fields: SessionDefinition,
  plain: PlainCodec,
): Readonly<Record<string, unknown>> {
  const document: Record<string, unknown> = { [members.createdAt]: record.createdAt };
  if (record.permanent) document[members.permanent] = true;
  Object.assign(document, extrasToPlain(record));
  for (const [name, value] of Object.entries(record.unknown ?? {})) {
    // A packed payload has its envelope elsewhere: of these names, what is among the keys is nobody's.
    if (envelope.has(name)) continue;
    document[name] = plain.format === "json" ? toJson(value) : value;
  }
  const slots = new Map(record.fields);
  for (const field of fields) {
    const bytes = slots.get(field.slot);
    if (bytes === undefined) continue;
    try {
      document[field.name] = field.codec.toPlain(field.codec.read(new PackedReader(bytes)), plain);
      slots.delete(field.slot);
    } catch (error) {
      // Unreadable to this version of the schema: it travels on with the slots that are unknown altogether.
      if (!(error instanceof UnreadableValue)) throw error;
    }
  }
  if (slots.size > 0) {
    document[members.slots] = Object.fromEntries([...slots].map(([slot, bytes]) => [slot, toBase64(bytes)]));
  }
  return document;
}

function fromDocument(
  value: unknown,
  definition: SessionDefinition,
  plain: PlainCodec,
  now: number,
): SessionRecord {
  const document = plain.readObject(value);
  const rest = new Map(Object.entries(document));
  const createdAt = rest.get(members.createdAt);
  const permanent = rest.get(members.permanent) === true;
  const slots = rest.get(members.slots);
  const fields =
    slots === undefined ? new Map<number, Uint8Array>() : slotsFromPlain(plain.readObject(slots));
  const extras = extrasFromPlain(rest, plain);
  for (const name of envelope) rest.delete(name);
  const writer = new PackedWriter();
  for (const field of definition) {
    const stored = rest.get(field.name);
    if (stored === undefined && !rest.has(field.name)) continue;
    try {
      const member = field.codec.fromPlain(stored, plain);
      // The codec of packed bytes trusts its values; a document may have been written by anybody.
      field.check(member);
      field.codec.write(writer, member);
      fields.set(field.slot, writer.take());
      rest.delete(field.name);
    } catch {
      // Left among the unknown keys: kept as it is until the field is assigned.
      writer.take();
    }
  }
  const unknown = objectOf([...rest]);
  checkRewritable(unknown);
  return {
    createdAt: createdAt === undefined ? now : instant(plain.readNumber(createdAt)),
    permanent,
    fields,
    ...(rest.size === 0 ? {} : { unknown }),
    ...extras,
  };
}

/** The bytes, if they are one value of MessagePack without extensions that sessions do not have. */
function vetted(bytes: Uint8Array): Uint8Array {
  const reader = new PackedReader(bytes);
  reader.skip();
  reader.end();
  return bytes;
}

function instant(value: number): number {
  if (!Number.isFinite(value)) throw new UnreadableValue("an instant");
  return value;
}

function strictUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
