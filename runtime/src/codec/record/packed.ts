import { uint32At } from "../packed/msgpack-cursor.js";
import { firstSlots, slotsIn } from "../packed/packed-object.js";
import { packValue } from "../packed/pool.js";
import { PackedReader } from "../packed/reader.js";
import type { PackedWriter } from "../packed/writer.js";
import { PlainCodec } from "../plain/codec.js";
import { UnreadableValue } from "../unreadable.js";
import { beginningOf } from "./beginning.js";
import { hasExtras, readExtras, writeExtras } from "./extras.js";
import { type KnownHistory, lengthOfMark } from "./history.js";
import { MAX_MARKS } from "./marks.js";
import { PackedFields } from "./packed-fields.js";
import { roundCreatedAt, type SessionRecord } from "./record.js";
import { checkRewritable } from "./rewritable.js";

/**
 * Of the packed format; readers refuse a revision they do not know. It stands in the upper bits.
 */
const REVISION = 3 << 5;

/** The first byte of the head: see docs/packed.md. */
const flag = { permanent: 1, mark: 2, history: 4, epoch: 8, more: 16 } as const;
/**
 * The second byte, which few sessions have. Its two lowest bits count the marks behind the first.
 */
const more = { marks: 3, unknown: 4, extras: 8, moved: 16, ended: 32, far: 64, reserved: 128 } as const;

/** Bytes of a mark, and of the epoch. */
const WORD = 4;

const msgpack = new PlainCodec("msgpack");

/**
 * Gives `[head, ...values in slot order, unknown?, extras?]`
 * @param historyMark - of the record that is written; not the one that it came with
 */
export function encodePacked(record: SessionRecord, historyMark: Uint8Array | undefined): Uint8Array {
  return packValue(recordWriter, { record, historyMark });
}

const recordWriter = {
  write(writer: PackedWriter, { record, historyMark }: Marked): void {
    writeRecord(writer, record, historyMark);
  },
};

/** A record, and the mark it is written with. */
interface Marked {
  readonly record: SessionRecord;
  readonly historyMark: Uint8Array | undefined;
}

function writeRecord(writer: PackedWriter, record: SessionRecord, historyMark: Uint8Array | undefined): void {
  if (record.trace !== undefined) {
    writer.list(1);
    return writeHead(writer, record, record.trace === "moved" ? more.moved : more.ended, undefined, noSlots);
  }
  const { unknown } = record;
  const fields = PackedFields.of(record.fields);
  const { slots } = fields;
  const hasUnknown = unknown !== undefined && Object.keys(unknown).length > 0;
  const extras = hasExtras(record);
  writer.list(1 + slots.length + (hasUnknown ? 1 : 0) + (extras ? 1 : 0));
  writeHead(
    writer,
    record,
    (hasUnknown ? more.unknown : 0) | (extras ? more.extras : 0),
    historyMark,
    slots.length === 0 || slots[slots.length - 1] === slots.length - 1 ? noSlots : slots,
  );
  fields.writeTo(writer);
  if (hasUnknown) writer.unknown(unknown);
  if (extras) writeExtras(writer, record);
}

/**
 * @param given - what the second byte says of what comes behind the head
 * @param slots - those that are present, unless they are the first
 */
function writeHead(
  writer: PackedWriter,
  { createdAt, permanent, marks = noMarks, epoch, trace }: SessionRecord,
  given: number,
  historyMark: Uint8Array | undefined,
  slots: readonly number[],
): void {
  const count = Math.min(marks.length, MAX_MARKS);
  const seconds = roundCreatedAt(createdAt) / 1000;
  const isFar = seconds < 0 || seconds >= 2 ** 32;
  const second = given | (isFar ? more.far : 0) | (count > 1 ? count - 1 : 0);
  // A trace has nothing else.
  const own = trace === undefined;
  const hasEpoch = own && epoch !== undefined;
  const hasHistory = own && historyMark !== undefined;
  // Never at -1: V8 makes text of that and looks for a property.
  const bits = slots.length === 0 ? 0 : ((slots[slots.length - 1] as number) >> 3) + 1;
  let at = writer.bytesRoom(
    1 +
      (second === 0 ? 0 : 1) +
      WORD * ((isFar ? 2 : 1) + count + (hasEpoch ? 1 : 0)) +
      (hasHistory ? historyMark.length : 0) +
      bits,
  );
  const { target } = writer;
  target[at++] =
    REVISION |
    (own && permanent ? flag.permanent : 0) |
    (count > 0 ? flag.mark : 0) |
    (hasHistory ? flag.history : 0) |
    (hasEpoch ? flag.epoch : 0) |
    (second === 0 ? 0 : flag.more);
  if (second !== 0) target[at++] = second;
  at = isFar ? putFloat64(target, at, seconds) : putUint32(target, at, seconds);
  for (let index = 0; index < count; index += 1) at = putUint32(target, at, marks[index] ?? 0);
  if (hasEpoch) at = putUint32(target, at, epoch);
  if (hasHistory) for (let index = 0; index < historyMark.length; ) target[at++] = historyMark[index++] ?? 0;
  if (bits > 0) target.fill(0, at, at + bits);
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] ?? 0;
    target[at + (slot >> 3)] = (target[at + (slot >> 3)] ?? 0) | (1 << (slot & 7));
  }
}

const noMarks: readonly number[] = [];
const noSlots: readonly number[] = [];

/**
 * Does the inverse of {@link encodePacked}.
 * @param history - whose marks are known at sight
 * @param reader - of the bytes
 * @throws UnreadableValue
 */
export function decodePacked(
  bytes: Uint8Array,
  history?: KnownHistory,
  reader: PackedReader = new PackedReader(bytes),
): SessionRecord {
  const length = reader.list();
  const size = reader.bytesHeader();
  const start = reader.position;
  const end = start + size;
  const second = size > 1 && (bytes[start] ?? 0) & flag.more ? (bytes[start + 1] ?? 0) : 0;
  const record = readHead(reader, end, second, history);
  const bits = reader.position;
  reader.pass(end - bits);
  if (second & (more.moved | more.ended)) return traceOf(reader, record, second, length, bits === end);
  const count = length - 1 - (second & more.unknown ? 1 : 0) - (second & more.extras ? 1 : 0);
  const slots = bits === end ? firstSlots(count) : slotsIn(bytes, bits, end);
  if (count < 0 || slots.length !== count) throw new UnreadableValue("a session");
  record.fields = PackedFields.within(reader, slots, reader.bounds(count));
  if (second & more.unknown) {
    record.unknown = msgpack.readObject(reader.unknown());
    checkRewritable(record.unknown);
  }
  if (second & more.extras) Object.assign(record, readExtras(reader));
  reader.end();
  return record;
}

/** What the head of a packed session says. */
export interface Beginning extends Pick<SessionRecord, "createdAt" | "permanent" | "epoch"> {
  readonly isTrace: boolean;
}

/**
 * Reads the head of a packed session, of its first bytes alone; `undefined` where they are too few,
 * or no packed session's.
 */
export function readBeginning(bytes: Uint8Array, history?: KnownHistory): Beginning | undefined {
  const first = bytes[0] ?? 0;
  const at = (first & 0xf0) === 0x90 ? 1 : first === 0xdc ? 3 : undefined;
  if (at === undefined || bytes[at] !== 0xc4) return undefined;
  const start = at + 2;
  const size = bytes[at + 1] ?? 0;
  if (start + size > bytes.length) return undefined;
  const second = size > 1 && (bytes[start] ?? 0) & flag.more ? (bytes[start + 1] ?? 0) : 0;
  try {
    const reader = new PackedReader(bytes, false, start);
    const { createdAt, permanent, epoch } = readHead(reader, start + size, second, history);
    const isTrace = (second & (more.moved | more.ended)) !== 0;
    return { createdAt, permanent, isTrace, ...(epoch !== undefined && { epoch }) };
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return undefined;
  }
}

type Writable = { -readonly [Member in keyof SessionRecord]: SessionRecord[Member] };

/**
 * Reads the head, up to the bits of the slots.
 * @param second - its second byte; 0 where there is none
 * @returns a record without fields
 */
function readHead(
  reader: PackedReader,
  end: number,
  second: number,
  history: KnownHistory | undefined,
): Writable {
  const { source: bytes, position: start } = reader;
  const first = bytes[start] ?? 0;
  if (start === end || (first & 0xe0) !== REVISION) throw new UnreadableValue("a known revision");
  const hasMore = (first & flag.more) !== 0;
  if ((hasMore && second === 0) || second & more.reserved) throw new UnreadableValue("known flags");
  let at = hasMore ? start + 2 : start + 1;
  const isFar = (second & more.far) !== 0;
  const createdAt = isFar ? beginningOf(float64At(bytes, at) * 1000) : uint32At(bytes, at) * 1000;
  at += isFar ? 2 * WORD : WORD;
  const permanent = (first & flag.permanent) !== 0;
  const count = first & flag.mark ? 1 + (second & more.marks) : 0;
  if (count === 0 && second & more.marks) throw new UnreadableValue("marks of commits");
  const marks: number[] = [];
  for (let index = 0; index < count; index += 1) marks.push(uint32At(bytes, at + index * WORD));
  at += count * WORD;
  const epoch = first & flag.epoch ? uint32At(bytes, at) : undefined;
  if (epoch !== undefined) at += WORD;
  const { none } = PackedFields;
  let record: Writable;
  if (first & flag.history) {
    const own = history?.ownMarkAt(bytes, at);
    const length = own?.length ?? lengthOfMark(bytes, at);
    const historyMark = own ?? bytes.slice(at, at + length);
    at += length;
    // All at once, of which nearly all sessions have no more: V8 lays what is added elsewhere.
    record =
      count === 0
        ? { createdAt, permanent, fields: none, historyMark }
        : { createdAt, permanent, fields: none, historyMark, marks };
  } else {
    record = { createdAt, permanent, fields: none };
    if (count > 0) record.marks = marks;
  }
  if (epoch !== undefined) record.epoch = epoch;
  if (at > end) throw new UnreadableValue("the head of a session");
  reader.pass(at - start);
  return record;
}

/** A trace has a beginning, and marks; nothing else. */
function traceOf(
  reader: PackedReader,
  { createdAt, permanent, marks, epoch, historyMark }: SessionRecord,
  second: number,
  length: number,
  isDense: boolean,
): SessionRecord {
  const why = second & ~(more.marks | more.far);
  const isBare = isDense && !permanent && epoch === undefined && historyMark === undefined;
  if (length !== 1 || !isBare || (why !== more.moved && why !== more.ended))
    throw new UnreadableValue("a trace");
  reader.end();
  const trace = why === more.moved ? "moved" : "ended";
  return { createdAt, permanent: false, fields: PackedFields.none, ...(marks && { marks }), trace };
}

/** Writes a number of four bytes, highest first; where it ends. */
function putUint32(bytes: Uint8Array, at: number, value: number): number {
  const bits = value | 0;
  bytes[at] = bits >> 24;
  bytes[at + 1] = bits >> 16;
  bytes[at + 2] = bits >> 8;
  bytes[at + 3] = bits;
  return at + WORD;
}

function putFloat64(bytes: Uint8Array, at: number, value: number): number {
  new DataView(bytes.buffer, bytes.byteOffset + at).setFloat64(0, value);
  return at + 2 * WORD;
}

function float64At(bytes: Uint8Array, at: number): number {
  if (at + 8 > bytes.length) throw new UnreadableValue("the head of a session");
  return new DataView(bytes.buffer, bytes.byteOffset + at).getFloat64(0);
}
