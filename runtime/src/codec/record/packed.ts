import { slotsOf } from "../packed/packed-object.js";
import { PackedReader } from "../packed/reader.js";
import { type PackedWriter, packed } from "../packed/writer.js";
import { PlainCodec } from "../plain/codec.js";
import { UnreadableValue } from "../unreadable.js";
import { beginningOf } from "./beginning.js";
import { hasExtras, readExtras, writeExtras } from "./extras.js";
import { lengthOfMark } from "./history.js";
import { MAX_MARKS } from "./marks.js";
import { PackedFields } from "./packed-fields.js";
import { roundCreatedAt, type SessionRecord } from "./record.js";
import { checkRewritable } from "./rewritable.js";

/** Of the packed format; readers refuse a revision they do not know. It stands in the upper bits. */
const REVISION = 3 << 5;

/** The first byte of the head: see docs/packed.md. */
const flag = { permanent: 1, mark: 2, history: 4, epoch: 8, more: 16 } as const;
/** The second byte, which few sessions have. Its two lowest bits count the marks behind the first. */
const more = { marks: 3, unknown: 4, extras: 8, moved: 16, ended: 32, far: 64, reserved: 128 } as const;

/** Bytes of a mark, and of the epoch. */
const WORD = 4;

const msgpack = new PlainCodec("msgpack");

/**
 * `[head, ...values in slot order, unknown?, extras?]`
 * @param historyMark - of the record that is written; not the one that it came with
 */
export function encodePacked(record: SessionRecord, historyMark: Uint8Array | undefined): Uint8Array {
  return packed((writer) => writeRecord(writer, record, historyMark));
}

function writeRecord(writer: PackedWriter, record: SessionRecord, historyMark: Uint8Array | undefined): void {
  if (record.trace !== undefined) {
    const { createdAt, marks, trace } = record;
    writer.list(1);
    return writeHead(writer, { createdAt, marks }, trace === "moved" ? more.moved : more.ended, []);
  }
  const { unknown } = record;
  const fields = PackedFields.of(record.fields);
  const hasUnknown = unknown !== undefined && Object.keys(unknown).length > 0;
  const extras = hasExtras(record);
  writer.list(1 + fields.size + (hasUnknown ? 1 : 0) + (extras ? 1 : 0));
  const second = (hasUnknown ? more.unknown : 0) | (extras ? more.extras : 0);
  writeHead(writer, { ...record, historyMark }, second, fields.last === fields.size - 1 ? [] : fields.keys());
  fields.writeTo(writer);
  if (hasUnknown) writer.unknown(unknown);
  if (extras) writeExtras(writer, record);
}

interface Head {
  readonly createdAt: number;
  readonly permanent?: boolean;
  readonly marks?: readonly number[] | undefined;
  readonly epoch?: number;
  readonly historyMark?: Uint8Array | undefined;
}

/** @param slots - those that are present, unless they are the first */
function writeHead(
  writer: PackedWriter,
  { createdAt, permanent, marks = [], epoch, historyMark }: Head,
  given: number,
  slots: Iterable<number>,
): void {
  const count = Math.min(marks.length, MAX_MARKS);
  const seconds = roundCreatedAt(createdAt) / 1000;
  const isFar = seconds < 0 || seconds >= 2 ** 32;
  const second = given | (isFar ? more.far : 0) | (count > 1 ? count - 1 : 0);
  const bits = bitsOf(slots);
  let size = 1 + (second === 0 ? 0 : 1) + (isFar ? 2 : 1) * WORD + count * WORD;
  if (epoch !== undefined) size += WORD;
  if (historyMark !== undefined) size += historyMark.length;
  writer.bytesHeader(size + bits.length);
  writer.octet(
    REVISION |
      (permanent ? flag.permanent : 0) |
      (count > 0 ? flag.mark : 0) |
      (historyMark === undefined ? 0 : flag.history) |
      (epoch === undefined ? 0 : flag.epoch) |
      (second === 0 ? 0 : flag.more),
  );
  if (second !== 0) writer.octet(second);
  if (isFar) writer.float64(seconds);
  else writer.uint32(seconds);
  for (let index = 0; index < count; index += 1) writer.uint32(marks[index] ?? 0);
  if (epoch !== undefined) writer.uint32(epoch);
  if (historyMark !== undefined) writer.raw(historyMark);
  writer.raw(bits);
}

const none = new Uint8Array();

function bitsOf(slots: Iterable<number>): Uint8Array {
  const all = [...slots];
  const last = all.at(-1);
  if (last === undefined) return none;
  const bits = new Uint8Array((last >> 3) + 1);
  for (const slot of all) bits[slot >> 3] = (bits[slot >> 3] ?? 0) | (1 << (slot & 7));
  return bits;
}

/**
 * The inverse of {@link encodePacked}.
 * @throws UnreadableValue
 */
export function decodePacked(bytes: Uint8Array): SessionRecord {
  const reader = new PackedReader(bytes);
  const length = reader.list();
  const { second, bits, ...head } = readHead(bytes, reader);
  if (second & (more.moved | more.ended)) return traceOf(reader, head, second, length);
  const count = length - 1 - (second & more.unknown ? 1 : 0) - (second & more.extras ? 1 : 0);
  const slots = bits.length === 0 ? firstSlots(count) : slotsOf(bits);
  if (count < 0 || slots.length !== count) throw new UnreadableValue("a session");
  const bounds: number[] = [reader.position];
  for (let index = 0; index < count; index += 1) {
    reader.skip();
    bounds.push(reader.position);
  }
  const record: Writable = { ...head, fields: PackedFields.within(bytes, slots, bounds) };
  if (second & more.unknown) {
    record.unknown = msgpack.readObject(reader.unknown());
    checkRewritable(record.unknown);
  }
  if (second & more.extras) Object.assign(record, readExtras(reader));
  reader.end();
  return record;
}

type Writable = { -readonly [Member in keyof SessionRecord]: SessionRecord[Member] };

/** What the head says of the record, and of what comes after the head. */
interface ReadHead extends Omit<SessionRecord, "fields"> {
  /** The second byte; 0 where there is none. */
  readonly second: number;
  /** The slots that are present; none: the first. */
  readonly bits: Uint8Array;
}

function readHead(bytes: Uint8Array, reader: PackedReader): ReadHead {
  const [start, end] = reader.bytesRange();
  const first = bytes[start] ?? 0;
  if (start === end || (first & 0xe0) !== REVISION) throw new UnreadableValue("a known revision");
  let at = start + 1;
  const word = (): number => {
    const value = uint32At(bytes, at);
    at += WORD;
    return value;
  };
  let second = 0;
  if (first & flag.more) {
    second = bytes[at] ?? 0;
    at += 1;
    if (second === 0 || second & more.reserved) throw new UnreadableValue("known flags");
  }
  const seconds = second & more.far ? float64Of(word(), word()) : word();
  const head: Omit<Writable, "fields"> = {
    createdAt: beginningOf(seconds * 1000),
    permanent: (first & flag.permanent) !== 0,
  };
  const count = first & flag.mark ? 1 + (second & more.marks) : 0;
  if (count > 0) {
    const marks: number[] = [];
    for (let index = 0; index < count; index += 1) marks.push(word());
    head.marks = marks;
  }
  if (first & flag.epoch) head.epoch = word();
  if (first & flag.history) {
    const length = lengthOfMark(bytes, at);
    head.historyMark = bytes.subarray(at, at + length);
    at += length;
  }
  if (at > end) throw new UnreadableValue("the head of a session");
  return { ...head, second, bits: bytes.subarray(at, end) };
}

/** A trace has a beginning, and marks; nothing else. */
function traceOf(
  reader: PackedReader,
  { createdAt, permanent, marks, epoch, historyMark }: Omit<ReadHead, "second" | "bits">,
  second: number,
  length: number,
): SessionRecord {
  const why = second & ~(more.marks | more.far);
  const hasOthers = permanent || epoch !== undefined || historyMark !== undefined;
  if (length !== 1 || hasOthers || (why !== more.moved && why !== more.ended))
    throw new UnreadableValue("a trace");
  reader.end();
  const trace = why === more.moved ? "moved" : "ended";
  return { createdAt, permanent: false, fields: new Map(), ...(marks && { marks }), trace };
}

function uint32At(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return high * 0x1_0000 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
}

function float64Of(high: number, low: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}

/** As many as most sessions have at most: made once. */
const few = Array.from({ length: 32 }, (_, count) => Array.from({ length: count }, (__, slot) => slot));

/** The slots 0, 1, 2, … */
function firstSlots(count: number): readonly number[] {
  return few[count] ?? Array.from({ length: Math.max(count, 0) }, (_, slot) => slot);
}
