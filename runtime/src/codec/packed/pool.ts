import type { PackedPart } from "./part.js";
import { PackedWriter } from "./writer.js";

/** In bytes: what callers write into, one after the other, as into Node's own pool of buffers. */
const POOL = 32_768;

/**
 * One that is kept for the next caller: what it takes to make a buffer is more than most values
 * take to write.
 */
let spare: PackedWriter | undefined;

/** What of a codec writes. */
interface Writes<T> {
  write(writer: PackedWriter, value: T): void;
}

/** What the function writes; see {@link PackedWriter.take} for who keeps it. */
export function packed(write: (writer: PackedWriter) => void): Uint8Array {
  return packValue({ write }, undefined);
}

/** A value as its codec writes it; see {@link PackedWriter.take} for who keeps it. */
export function packValue<T>(codec: Writes<T>, value: T): Uint8Array {
  const writer = borrowed();
  codec.write(writer, value);
  const bytes = writer.take();
  if (bytes.length < POOL) spare = writer;
  return bytes;
}

/** The same, as a part of other bytes. */
export function packPart<T>(codec: Writes<T>, value: T): PackedPart {
  const writer = borrowed();
  codec.write(writer, value);
  const part = writer.takePart();
  // Not a buffer that has grown for what was large.
  if (part.end - part.start < POOL) spare = writer;
  return part;
}

/** Whoever writes in the meantime makes another; so does the next one after a failure. */
function borrowed(): PackedWriter {
  const writer = spare ?? new PackedWriter(POOL);
  spare = undefined;
  return writer;
}
