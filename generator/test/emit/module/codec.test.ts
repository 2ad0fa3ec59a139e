import { deepStrictEqual } from "node:assert/strict";
import {
  decodeRecord,
  encodeRecord,
  type FieldDefinition,
  type Format,
  PackedReader,
  PackedWriter,
  type SessionRecord,
  UnreadableValue,
} from "@sessgen/runtime";
import fc from "fast-check";
import { Unpackr } from "msgpackr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { broadSchema, broadValues } from "./broad.js";
import { type Emitted, emitted } from "./emitted.js";

const formats: readonly Format[] = ["packed", "msgpack", "json"];
const names = Object.entries(broadValues);
let module: Emitted;

beforeAll(async () => {
  module = await emitted("codec", broadSchema);
});
afterAll(() => module.remove());

/** The packed bytes of a value, which the field's own check has let through. */
function pack(field: FieldDefinition, value: unknown): Uint8Array {
  const check: (value: unknown) => void = field.check;
  check(value);
  const writer = new PackedWriter();
  field.codec.write(writer, value);
  return writer.take();
}

function unpack(field: FieldDefinition, bytes: Uint8Array | undefined): unknown {
  const reader = new PackedReader(bytes ?? new Uint8Array());
  const value = field.codec.read(reader);
  reader.end();
  return value;
}

const now = 1_700_000_000_000;

function recordOf(fields: ReadonlyMap<number, Uint8Array>, permanent = false): SessionRecord {
  return { createdAt: now, permanent, fields };
}

describe("a value comes back", () => {
  it.each(names)("%s", (name, values) => {
    const field = module.field(name);
    fc.assert(
      fc.property(values, (value) => {
        const bytes = pack(field, value);
        const read = unpack(field, bytes);
        deepStrictEqual(read, value);
        deepStrictEqual(pack(field, read), bytes);
        const record = recordOf(new Map([[field.slot, bytes]]), true);
        for (const format of formats) {
          const encoded = encodeRecord(record, module.fields, format);
          deepStrictEqual(decodeRecord(encoded, module.fields, { now: 0 }), record, format);
        }
      }),
      { numRuns: 150 },
    );
  });
});
