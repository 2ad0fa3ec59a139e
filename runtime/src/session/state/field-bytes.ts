import type { FieldDefinition } from "../../codec/definition.js";
import { carryKept } from "../../codec/packed/carry-kept.js";
import { beginWithin } from "../../codec/packed/kept-slots.js";
import type { PackedPart } from "../../codec/packed/part.js";
import { packPart } from "../../codec/packed/pool.js";
import { PackedReader } from "../../codec/packed/reader.js";
import type { PackedFields } from "../../codec/record/packed-fields.js";

/** Gives what stands in for a value that cannot be read. */
export function substituteOf(field: FieldDefinition): unknown {
  return field.fallback === undefined ? field.default?.() : field.fallback();
}

/**
 * Reads the value of a field, which {@link encode} writes again with what this version does not
 * know of it.
 * @throws UnreadableValue
 */
export function decode({ codec }: FieldDefinition, part: PackedPart): unknown {
  const before = beginWithin(codec);
  try {
    const reader = PackedReader.of(part);
    const value = codec.read(reader);
    reader.end();
    return value;
  } finally {
    beginWithin(before);
  }
}

/**
 * Reads a value in a payload, with the reader that all of its values have in common.
 * @throws UnreadableValue
 */
export function decodeWithin({ slot, codec }: FieldDefinition, payload: PackedFields): unknown {
  const before = beginWithin(codec);
  try {
    return payload.read(slot, codec);
  } finally {
    beginWithin(before);
  }
}

/** Writes the value of a field. */
export function encode({ codec }: FieldDefinition, value: unknown): PackedPart {
  const before = beginWithin(codec);
  try {
    return packPart(codec, value);
  } finally {
    beginWithin(before);
  }
}

/** Keeps with the copies in `now` what is kept with what they are copies of in `old`. */
export function carryOver(field: FieldDefinition, old: unknown, now: unknown): void {
  const { codec, merge } = field;
  const key = typeof merge === "object" && "union" in merge ? merge.union : undefined;
  const before = beginWithin(codec);
  try {
    carryKept(old, now, { key, whole: (one, other) => isSame(field, one, other) });
  } finally {
    beginWithin(before);
  }
}

/** Whether it is the same user's, of a value that says whose it is. */
function isSame({ identity }: FieldDefinition, before: unknown, now: unknown): boolean | undefined {
  return identity && textOf(identity(before)) === textOf(identity(now));
}

function textOf(value: unknown): string {
  return `${typeof value}:${value instanceof Date ? value.toISOString() : String(value)}`;
}
