import type { FieldDefinition } from "../../codec/definition.js";
import { keepsAny } from "../../codec/packed/kept-slots.js";
import type { PackedPart } from "../../codec/packed/part.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import { admitted } from "./admitted.js";
import type { Packed } from "./change.js";
import { carryOver, decode, encode, substituteOf } from "./field-bytes.js";

/** Encodes a field's default. */
export function encodedDefault(field: FieldDefinition): Packed {
  const value = field.default?.();
  return value === undefined ? undefined : encode(field, value);
}

/**
 * Encodes a value that was handed out. One that was assigned has been checked; one that was changed
 * in place may have become anything.
 * @param seen - what it was read from
 * @throws SessionFieldError when the schema forbids it
 */
export function encodedLive(field: FieldDefinition, seen: Packed, value: unknown): PackedPart {
  carryKept(field, seen, value);
  try {
    return encode(field, value);
  } catch {
    return encode(field, admitted(field, value));
  }
}

/** Keeps with copies of what is stored what this version of the schema does not know of it. */
export function carryKept(field: FieldDefinition, seen: Packed, value: unknown): void {
  if (!keepsAny() || seen === undefined || typeof value !== "object") return;
  try {
    carryOver(field, decode(field, seen), value);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
  }
}

/** Encodes the value as it was first handed out. */
export function encodedAsRead(field: FieldDefinition, seen: Packed): Packed {
  if (seen !== undefined) {
    try {
      // Not `seen` itself: bytes from an older schema, e.g. without a default of today, may be
      // other bytes.
      return encode(field, decode(field, seen));
    } catch {
      // Unreadable: what was handed out is the fallback.
    }
  }
  const value = substituteOf(field);
  return value === undefined ? undefined : encode(field, value);
}
