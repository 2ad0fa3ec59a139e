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
    return writeHead(writer, record, record.trace === "moved" ? more.moved : more.ended, undefined, []);
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
    slots[slots.length - 1] === slots.length - 1 ? [] : slots,
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
  const last = slots[slots.length - 1];
  const bits = last === undefined ? 0 : (last >> 3) + 1;
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
  const at = reader.position;
  reader.pass(size);
  const record: Writable = { createdAt: 0, permanent: false, fields: PackedFields.none };
  const second = size > 1 && (bytes[at] ?? 0) & flag.more ? (bytes[at + 1] ?? 0) : 0;
  const bits = readHead(record, bytes, at, at + size, second, history);
  if (second & (more.moved | more.ended)) return traceOf(reader, record, second, length, bits === at + size);
  let count = length - 1;
  if (second & more.unknown) count -= 1;
  if (second & more.extras) count -= 1;
  const slots = bits === at + size ? firstSlots(count) : slotsIn(bytes, bits, at + size);
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
  const record: Writable = { createdAt: 0, permanent: false, fields: PackedFields.none };
  const second = size > 1 && (bytes[start] ?? 0) & flag.more ? (bytes[start + 1] ?? 0) : 0;
  try {
    readHead(record, bytes, start, start + size, second, history);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return undefined;
  }
  const { createdAt, permanent, epoch } = record;
  const isTrace = (second & (more.moved | more.ended)) !== 0;
  return { createdAt, permanent, isTrace, ...(epoch !== undefined && { epoch }) };
}

type Writable = { -readonly [Member in keyof SessionRecord]: SessionRecord[Member] };

/**
 * Takes over what the head says.
 * @param second - its second byte; 0 where there is none
 * @returns where the bits of the slots begin
 */
function readHead(
  record: Writable,
  bytes: Uint8Array,
  start: number,
  end: number,
  second: number,
  history: KnownHistory | undefined,
): number {
  const first = bytes[start] ?? 0;
  if (start === end || (first & 0xe0) !== REVISION) throw new UnreadableValue("a known revision");
  const hasMore = (first & flag.more) !== 0;
  if ((hasMore && second === 0) || second & more.reserved) throw new UnreadableValue("known flags");
  let at = hasMore ? start + 2 : start + 1;
  const isFar = (second & more.far) !== 0;
  record.createdAt = beginningOf((isFar ? float64At(bytes, at) : uint32At(bytes, at)) * 1000);
  at += isFar ? 2 * WORD : WORD;
  record.permanent = (first & flag.permanent) !== 0;
  const count = first & flag.mark ? 1 + (second & more.marks) : 0;
  if (count > 0) {
    const marks = [uint32At(bytes, at)];
    for (let index = 1; index < count; index += 1) marks.push(uint32At(bytes, at + index * WORD));
    record.marks = marks;
    at += count * WORD;
  } else if (second & more.marks) throw new UnreadableValue("marks of commits");
  if (first & flag.epoch) {
    record.epoch = uint32At(bytes, at);
    at += WORD;
  }
  if (first & flag.history) {
    const length = lengthOfMark(bytes, at);
    record.historyMark = history?.ownMarkAt(bytes, at, length) ?? bytes.slice(at, at + length);
    at += length;
  }
  if (at > end) throw new UnreadableValue("the head of a session");
  return at;
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
