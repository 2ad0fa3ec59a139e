import type { SessionDefinition } from "../definition.js";
import { PackedReader } from "../packed/reader.js";
import { PlainCodec } from "../plain/codec.js";
import { UnreadableValue, UnverifiableHistory } from "../unreadable.js";
import { documentOf, recordOf, withNamed } from "./document.js";
import { withoutEnded } from "./ended.js";
import { type KnownHistory, withoutForeign } from "./history.js";
import { decodePacked, encodePacked } from "./packed.js";
import type { Format, MsgpackSerializer, Serializer, SessionRecord } from "./record.js";

/** Never used by MessagePack: what follows is a custom serializer's. */
const CUSTOM = 0xc1;

const json = new PlainCodec("json");
const msgpack = new PlainCodec("msgpack");

/**
 * Encodes a session for the store.
 * @param history - of the lock that gave the fields their slots; without it nobody can tell later
 *   whether they still mean the same
 */
export function encodeRecord(
  record: SessionRecord,
  fields: SessionDefinition,
  serializer: Serializer,
  history?: KnownHistory,
): Uint8Array {
  const mark = history === undefined ? record.historyMark : history.markFor(record);
  // A trace has nothing in it that a person would want to read.
  if (serializer === "packed" || record.trace !== undefined) return encodePacked(record, mark);
  if (isMsgpack(serializer)) return serializer.encode(documentOf(record, fields, msgpack, mark));
  const document = documentOf(record, fields, json, mark);
  if (serializer === "json") return new TextEncoder().encode(JSON.stringify(document));
  const encoded = serializer.encode(document);
  const bytes = new Uint8Array(1 + encoded.length);
  bytes[0] = CUSTOM;
  bytes.set(encoded, 1);
  return bytes;
}

/** What {@link decodeRecord} needs beside the bytes. */
export interface DecodeOptions {
  /**
   * Milliseconds since the epoch. Values that have ended by then are left out; a session begins
   * here when its payload does not say when it began (Flask's do not).
   */
  readonly now: number;
  /** The one that sessions are written in: a custom one reads what it wrote. */
  readonly serializer?: Serializer | undefined;
  /**
   * Of the lock that gave the fields their slots. Without it every slot is taken for what the
   * fields say.
   */
  readonly history?: KnownHistory | undefined;
}

/**
 * Decodes a stored session, whichever format it was written in. What was written under another
 * history of the lock is left out.
 * @throws UnverifiableHistory when nothing tells whose slots these are; UnreadableValue when the
 *   payload cannot be read. Nothing else
 */
export function decodeRecord(
  bytes: Uint8Array,
  fields: SessionDefinition,
  options: DecodeOptions,
): SessionRecord {
  try {
    const record = decodeAny(bytes, fields, options);
    return withoutEnded(record, fields, options.now);
  } catch (error) {
    // A hostile payload can make any decoder throw anything, the custom one included.
    throw error instanceof UnreadableValue ? error : new UnreadableValue("a session", { cause: error });
  }
}

function decodeAny(bytes: Uint8Array, fields: SessionDefinition, options: DecodeOptions): SessionRecord {
  const { serializer } = options;
  const format = formatOf(bytes);
  if (format === "packed") {
    const record = verified(decodePacked(bytes, options.history), fields, options.history);
    return record.unknown === undefined ? record : withNamed(record, fields, msgpack);
  }
  if (format === "json") return recordOf(JSON.parse(strictUtf8(bytes)), fields, json, options);
  if (format === "msgpack") return recordOf(documentIn(bytes, serializer), fields, msgpack, options);
  if (format === "custom" && typeof serializer === "object" && !isMsgpack(serializer)) {
    return recordOf(serializer.decode(bytes.subarray(1)), fields, json, options);
  }
  throw new UnreadableValue("a known format");
}

/**
 * Leaves out what this version of the lock does not share with the one that the record was written
 * under.
 */
function verified(
  record: SessionRecord,
  fields: SessionDefinition,
  history: KnownHistory | undefined,
): SessionRecord {
  if (history === undefined || record.fields.size === 0) return record;
  if (record.historyMark === undefined) throw new UnverifiableHistory();
  const shared = history.sharedWith(record.historyMark);
  if (shared === Number.POSITIVE_INFINITY) return record;
  return withoutForeign(record, fields, (field) => history.isWithin(field, shared));
}

/**
 * Gives the format a payload was written in, by its first byte; `undefined` when it is none of
 * them.
 */
export function formatOf(bytes: Uint8Array): Format | "custom" | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if ((first & 0xf0) === 0x90 || first === 0xdc || first === 0xdd) return "packed";
  if (first === 0x7b) return "json";
  if ((first & 0xf0) === 0x80 || first === 0xde || first === 0xdf) return "msgpack";
  return first === CUSTOM ? "custom" : undefined;
}

function isMsgpack(serializer: Serializer | undefined): serializer is MsgpackSerializer {
  return typeof serializer === "object" && "format" in serializer && serializer.format === "msgpack";
}

/**
 * The one value of MessagePack that the bytes are, without extensions that sessions do not have.
 */
function documentIn(bytes: Uint8Array, serializer: Serializer | undefined): unknown {
  const reader = new PackedReader(bytes);
  if (!isMsgpack(serializer)) {
    const value = reader.value();
    reader.end();
    return value;
  }
  reader.skip();
  reader.end();
  return serializer.decode(bytes);
}

function strictUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
