import { PackedReader } from "../packed/reader.js";
import { type PackedWriter, packed } from "../packed/writer.js";
import { PlainCodec } from "../plain/codec.js";
import { UnreadableValue } from "../unreadable.js";
import { beginningOf } from "./beginning.js";
import { hasExtras, readExtras, writeExtras } from "./extras.js";
import { marksFromBytes, marksToBytes, uint32 } from "./marks.js";
import { roundCreatedAt, type SessionRecord } from "./record.js";
import { checkRewritable } from "./rewritable.js";

/** Of the packed format; readers refuse a revision they do not know. */
const REVISION = 2;

/** What follows the flags, in this order, and what else the envelope says; see docs/packed.md. */
const flag = {
  permanent: 1,
  epoch: 2,
  marks: 4,
  history: 8,
  /** Without it, the values are those of the slots 0, 1, 2, … */
  bitmap: 16,
  unknown: 32,
  extras: 64,
  /** Reserved: nobody compresses yet. */
  compressed: 128,
  moved: 256,
  ended: 512,
} as const;
const ALL_FLAGS = 1023;
/** Elements of the list that are always there: revision, flags and when the session began. */
const HEAD = 3;

const msgpack = new PlainCodec("msgpack");

/**
 * `[revision, flags, createdAt, epoch?, marks?, history?, bitmap?, ...values in slot order, unknown?, extras?]`
 * @param historyMark - of the record that is written; not the one that it came with
 */
export function encodePacked(record: SessionRecord, historyMark: Uint8Array | undefined): Uint8Array {
  return packed((writer) =>
    record.trace === undefined ? writeRecord(writer, record, historyMark) : writeTrace(writer, record),
  );
}

function writeTrace(writer: PackedWriter, { createdAt, trace, marks = [] }: SessionRecord): void {
  const isMarked = marks.length > 0;
  writer.arrayHeader(HEAD + (isMarked ? 1 : 0));
  writer.int(REVISION);
  writer.int((trace === "moved" ? flag.moved : flag.ended) | (isMarked ? flag.marks : 0));
  writer.int(roundCreatedAt(createdAt) / 1000);
  if (isMarked) writer.bytes(marksToBytes(marks));
}

function writeRecord(writer: PackedWriter, record: SessionRecord, historyMark: Uint8Array | undefined): void {
  const { epoch, fields, marks, unknown } = record;
  const slots = [...fields.keys()].sort((a, b) => a - b);
  const has = {
    epoch: epoch !== undefined,
    marks: marks !== undefined && marks.length > 0,
    history: historyMark !== undefined,
    bitmap: slots.at(-1) !== undefined && slots.at(-1) !== slots.length - 1,
    unknown: unknown !== undefined && Object.keys(unknown).length > 0,
    extras: hasExtras(record),
  };
  let flags = record.permanent ? flag.permanent : 0;
  let length = HEAD + slots.length;
  for (const part of parts) {
    if (!has[part]) continue;
    flags |= flag[part];
    length += 1;
  }
  writer.arrayHeader(length);
  writer.int(REVISION);
  writer.int(flags);
  writer.int(roundCreatedAt(record.createdAt) / 1000);
  if (epoch !== undefined) writer.int(epoch);
  if (marks !== undefined && has.marks) writer.bytes(marksToBytes(marks));
  if (historyMark !== undefined) writer.bytes(historyMark);
  if (has.bitmap) writer.bitmap(slots);
  for (const slot of slots) writer.raw(fields.get(slot) ?? new Uint8Array());
  if (has.unknown) writer.unknown(unknown);
  if (has.extras) writeExtras(writer, record);
}

const parts = ["epoch", "marks", "history", "bitmap", "unknown", "extras"] as const;

/**
 * The inverse of {@link encodePacked}.
 * @throws UnreadableValue
 */
export function decodePacked(bytes: Uint8Array): SessionRecord {
  const reader = new PackedReader(bytes);
  const length = reader.arrayHeader();
  if (reader.int() !== REVISION) throw new UnreadableValue("a known revision");
  const flags = reader.int();
  if (flags < 0 || flags > ALL_FLAGS) throw new UnreadableValue("known flags");
  if (flags & flag.compressed) throw new UnreadableValue("a session that is not compressed");
  const createdAt = beginningOf(reader.int() * 1000);
  if (flags & (flag.moved | flag.ended)) return readTrace(reader, flags, length, createdAt);
  const record: Writable = { createdAt, permanent: (flags & flag.permanent) !== 0, fields: new Map() };
  if (flags & flag.epoch) record.epoch = uint32(reader.int());
  if (flags & flag.marks) record.marks = marksFromBytes(reader.bytes());
  if (flags & flag.history) record.historyMark = reader.bytes();
  readFields(reader, record.fields, flags, length);
  if (flags & flag.unknown) {
    record.unknown = msgpack.readObject(reader.unknown());
    checkRewritable(record.unknown);
  }
  if (flags & flag.extras) Object.assign(record, readExtras(reader));
  reader.end();
  return record;
}

type Writable = { -readonly [Member in keyof SessionRecord]: SessionRecord[Member] } & {
  readonly fields: Map<number, Uint8Array>;
};

function readFields(
  reader: PackedReader,
  fields: Map<number, Uint8Array>,
  flags: number,
  length: number,
): void {
  let count = length - HEAD;
  for (const part of parts) if (flags & flag[part]) count -= 1;
  if (count < 0) throw new UnreadableValue("a session");
  if ((flags & flag.bitmap) === 0) {
    for (let slot = 0; slot < count; slot += 1) fields.set(slot, reader.view());
    return;
  }
  const slots = reader.bitmap();
  if (slots.length !== count) throw new UnreadableValue("a session");
  for (const slot of slots) fields.set(slot, reader.view());
}

function readTrace(reader: PackedReader, flags: number, length: number, createdAt: number): SessionRecord {
  const isMarked = (flags & flag.marks) !== 0;
  const why = flags & ~flag.marks;
  if (length !== HEAD + (isMarked ? 1 : 0) || (why !== flag.moved && why !== flag.ended))
    throw new UnreadableValue("a trace");
  const marks = isMarked ? { marks: marksFromBytes(reader.bytes()) } : {};
  reader.end();
  const trace = why === flag.moved ? "moved" : "ended";
  return { createdAt, permanent: false, fields: new Map(), ...marks, trace };
}
