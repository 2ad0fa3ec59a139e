import type { FieldDefinition, History, SessionDefinition } from "../definition.js";
import { packValue } from "../packed/pool.js";
import { PackedReader } from "../packed/reader.js";
import { isSealed } from "../packed/sealed.js";
import { UnreadableValue, UnverifiableHistory } from "../unreadable.js";
import { withoutNotes } from "./former-notes.js";
import type { SessionRecord } from "./record.js";

/**
 * How many earlier generations a mark tells of: versions so far apart still read each other's
 * sessions, in either direction.
 */
const EARLIER = 3;
/** Bytes of a hash, at the mark's own place and at the end of an earlier generation. */
const HASH = 4;
const SHORT = 3;

/**
 * The history of the lock as this version of the application knows it, to be compared with what
 * payloads say of theirs.
 *
 * A payload with fields carries a mark:
 * `[n][a][hash at a: 4][hash at the end of generation n-1: 3][n-2: 3][n-3: 3]`. n is the generation
 * of the newest slot it contains, a the position that generation ended at for whoever wrote it;
 * both are numbers of 7 bits a byte, lowest first. There are as few short hashes as there are
 * earlier generations.
 */
export class KnownHistory {
  /**
   * For each generation the mark of a payload that contains nothing newer; index 0 is generation 1.
   */
  readonly #marks: readonly Uint8Array[];
  readonly #ends: readonly number[];
  readonly #hashes: Uint8Array;
  readonly #generationBySlot: ReadonlyMap<number, number>;

  /** @param fields - all fields, with their positions in the log */
  constructor({ hashes, generations }: History, fields: SessionDefinition) {
    this.#hashes = Uint8Array.from(Buffer.from(hashes, "hex"));
    this.#ends = generations;
    this.#marks = generations.map((_, index) => this.#markOf(index + 1));
    this.#generationBySlot = new Map(fields.map((field) => [field.slot, this.#generationOf(field)]));
  }

  /**
   * Gives the mark for a record that is about to be written; `undefined` where it contains nothing
   * by slot.
   */
  markFor({ fields, ends, unknown, historyMark }: SessionRecord): Uint8Array | undefined {
    // Ends are by slot, too; and what a document has that cannot be read may have slots within.
    if (fields.size === 0 && ends === undefined && unknown === undefined) return undefined;
    let newest = historyMark === undefined ? 1 : this.generationOf(historyMark);
    // A descendant's: it tells of all that this version knows, and of what is carried along for it.
    if (historyMark !== undefined && newest > this.#ends.length) return historyMark;
    // Where there was but one, all slots are of it.
    if (this.#ends.length > 1) {
      for (const slots of ends === undefined ? [fields] : [fields, ends]) {
        for (const slot of slots.keys()) {
          const generation = this.#generationBySlot.get(slot) ?? 0;
          if (generation > newest) newest = generation;
        }
      }
    }
    return this.#marks[newest - 1];
  }

  /**
   * Says how far a payload's history is the same as this one.
   * @returns the last generation that both share; infinite where all that the payload contains can
   *   be trusted
   * @throws UnverifiableHistory when nothing tells; UnreadableValue when it is no mark
   */
  sharedWith(mark: Uint8Array): number {
    // Nearly always: written by this very version, or by one with nothing newer in the session.
    const own = this.#marks[(mark[0] ?? 0) - 1];
    if (own !== undefined && (mark === own || same(mark, own))) return Number.POSITIVE_INFINITY;
    const { generation, position, hash, earlier } = readMark(mark);
    const known = this.#ends.length;
    // All that its writer knew by then is known here, too; or all that is known here was known to
    // its writer.
    if (position <= this.#length && same(hash, this.#hashAt(position))) return Number.POSITIVE_INFINITY;
    if (generation > known && this.#matches(known, generation, earlier)) return Number.POSITIVE_INFINITY;
    for (let shared = Math.min(generation - 1, known); shared >= generation - EARLIER; shared -= 1) {
      if (this.#matches(shared, generation, earlier)) return shared;
    }
    throw new UnverifiableHistory();
  }

  /**
   * Gives the generation of the newest slot in a payload with that mark.
   * @throws UnreadableValue
   */
  generationOf(mark: Uint8Array): number {
    // Nearly always one of these, which nobody needs to take apart.
    const first = mark[0] ?? 0;
    return mark === this.#marks[first - 1] ? first : readMark(mark).generation;
  }

  /** Gives the mark that begins there, if it is one of these: nearly always it is. */
  ownMarkAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
    const own = this.#marks[(bytes[at] ?? 0) - 1];
    if (own === undefined) return undefined;
    for (let index = 0; index < own.length; index += 1)
      if (own[index] !== bytes[at + index]) return undefined;
    return own;
  }

  /**
   * Tells whether the field, with all that lies beneath it, was there when that generation ended.
   */
  isWithin({ slot }: FieldDefinition, generation: number): boolean {
    return (this.#generationBySlot.get(slot) ?? Number.POSITIVE_INFINITY) <= generation;
  }

  get #length(): number {
    return this.#hashes.length / HASH;
  }

  /** Whether a generation ended here as the list of a mark says. */
  #matches(generation: number, newest: number, earlier: Uint8Array): boolean {
    const at = (newest - generation - 1) * SHORT;
    const end = this.#ends[generation - 1];
    if (end === undefined || at < 0 || at + SHORT > earlier.length) return false;
    return same(earlier.subarray(at, at + SHORT), this.#hashAt(end).subarray(0, SHORT));
  }

  #hashAt(position: number): Uint8Array {
    return this.#hashes.subarray((position - 1) * HASH, position * HASH);
  }

  /** The generation of the newest slot of a field. */
  #generationOf({ position }: FieldDefinition): number {
    const index = this.#ends.findIndex((end) => position <= end);
    return index === -1 ? this.#ends.length : index + 1;
  }

  #markOf(generation: number): Uint8Array {
    const end = this.#ends[generation - 1] ?? 0;
    const bytes = [...numberBytes(generation), ...numberBytes(end), ...this.#hashAt(end)];
    for (let earlier = generation - 1; earlier >= Math.max(1, generation - EARLIER); earlier -= 1) {
      bytes.push(...this.#hashAt(this.#ends[earlier - 1] ?? 0).subarray(0, SHORT));
    }
    return Uint8Array.from(bytes);
  }
}

/**
 * Gives the record without what was written under another history: fields with slots that are newer
 * than what both share, slots that this version does not know, and those within the values that
 * stay. An encrypted value stays as it is until it has been decrypted, and the record says so.
 */
export function withoutForeign(
  record: SessionRecord,
  definition: SessionDefinition,
  isShared: (field: FieldDefinition) => boolean,
): SessionRecord {
  const fields = new Map<number, Uint8Array>();
  let sealed = false;
  for (const field of definition) {
    const bytes = record.fields.get(field.slot);
    if (bytes === undefined || !isShared(field)) continue;
    if (isSealed(bytes)) sealed = true;
    const known = isSealed(bytes) ? bytes : knownPartOf(field, bytes);
    if (known !== undefined) fields.set(field.slot, known);
  }
  const ends = record.ends && new Map([...record.ends].filter(([slot]) => fields.has(slot)));
  const { historyMark: _, diverged: __, ...rest } = record;
  const more = withoutNotes(rest.more);
  return {
    ...rest,
    fields,
    ...(ends && { ends }),
    ...(more && { more }),
    ...(sealed && { diverged: true }),
  };
}

/**
 * The value without the slots in it that the schema does not know; `undefined` when it is not what
 * the schema says.
 */
function knownPartOf({ codec }: FieldDefinition, bytes: Uint8Array): Uint8Array | undefined {
  try {
    const reader = new PackedReader(bytes, true);
    const value = codec.read(reader);
    reader.end();
    return packValue(codec, value);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    // A member of an enum, say, that only the other history has. Kept, it would be read as another
    // one later.
    return undefined;
  }
}

/**
 * Says how many bytes the mark takes that begins there: its generation says how many hashes it has.
 * @throws UnreadableValue
 */
export function lengthOfMark(bytes: Uint8Array, from: number): number {
  const afterGeneration = numberEnd(bytes, from);
  const afterPosition = numberEnd(bytes, afterGeneration);
  const first = bytes[from] ?? 0;
  if (first === 0) throw new UnreadableValue("a mark of the lock's history");
  // One whose lowest bits are all there is; a number of more bytes is larger than that anyway.
  const earlier = first < 0x80 ? Math.min(EARLIER, first - 1) : EARLIER;
  return afterPosition - from + HASH + SHORT * earlier;
}

/** Where a number of a mark ends. */
function numberEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < from + 4; at += 1) if ((bytes[at] ?? 0x80) < 0x80) return at + 1;
  throw new UnreadableValue("a mark of the lock's history");
}

interface Mark {
  readonly generation: number;
  readonly position: number;
  readonly hash: Uint8Array;
  readonly earlier: Uint8Array;
}

/** @throws UnreadableValue */
function readMark(mark: Uint8Array): Mark {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = mark[at] ?? 0;
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  if (lengthOfMark(mark, 0) !== mark.length) throw new UnreadableValue("a mark of the lock's history");
  const [generation, position] = [number(), number()];
  const hash = mark.subarray(at, at + HASH);
  const earlier = mark.subarray(at + HASH);
  if (position < 1) throw new UnreadableValue("a mark of the lock's history");
  return { generation, position, hash, earlier };
}

/** 7 bits a byte, lowest first; the highest bit says that another one follows. */
function numberBytes(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberBytes(value >>> 7)];
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  const { length } = one;
  if (length !== other.length) return false;
  for (let index = 0; index < length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
