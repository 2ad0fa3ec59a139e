import { deepStrictEqual } from "node:assert/strict";
import {
  decodeRecord,
  encodeRecord,
  type FieldDefinition,
  type Format,
  SessionFieldError,
} from "@sessgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import { type Emitted, emitted } from "./emitted.js";
import { kindCases, kindCases3 } from "./kind-cases.js";
import { pack, unpack } from "./packed-value.js";
import { serializerOf } from "./serializer-of.js";

const formats: readonly Format[] = ["packed", "msgpack", "json"];

class Lazy {
  get nick(): string {
    return "a";
  }
}

describe.each([
  ["Zod 4", { table: kindCases, object: (shape: object) => z.object(shape as Record<string, z.ZodType>) }],
  [
    "Zod 3",
    { table: kindCases3, object: (shape: object) => z3.object(shape as Record<string, z3.ZodTypeAny>) },
  ],
])("each kind of type, of %s", (_version, { table, object }) => {
  let module: Emitted;
  beforeAll(async () => {
    const shape = Object.fromEntries(Object.entries(table).map(([name, { schema }]) => [name, schema]));
    module = await emitted("kinds", object(shape));
  });
  afterAll(() => module.remove());

  it.each(Object.entries(table))(
    "%s comes back from every format, and is refused as by Zod",
    (name, { schema, kept, refused, stricter = [], looser = [] }) => {
      const field = module.field(name);
      for (const value of kept) {
        expect(schema.safeParse(value).success).toBe(true);
        deepStrictEqual(unpack(field, pack(field, value)), value);
        for (const format of formats) deepStrictEqual(through(module, field, value, format), value, format);
      }
      for (const value of refused) {
        expect(schema.safeParse(value).success).toBe(false);
        expect(() => pack(field, value)).toThrow(SessionFieldError);
      }
      for (const value of looser) {
        expect(schema.safeParse(value).success).toBe(false);
        for (const format of formats) deepStrictEqual(through(module, field, value, format), value, format);
      }
      for (const value of stricter) {
        expect(schema.safeParse(value).success).toBe(true);
        expect(() => pack(field, value)).toThrow(SessionFieldError);
      }
    },
  );
});

it("takes what a class has for members, and stores it as an object of its own", async () => {
  const module = await emitted(
    "getters",
    z.object({ user: z.object({ nick: z.string().optional(), age: z.int().optional() }) }),
  );
  const field = module.field("user");
  const value = new Lazy();
  for (const format of formats) deepStrictEqual(through(module, field, value, format), { nick: "a" }, format);
  await module.remove();
});

/** The value as it comes back from a session that was stored in the format. */
function through(module: Emitted, field: FieldDefinition, value: unknown, format: Format): unknown {
  const fields = new Map([[field.slot, pack(field, value)]]);
  const stored = encodeRecord(
    { createdAt: 5000, permanent: false, fields },
    module.fields,
    serializerOf(format),
  );
  return unpack(field, decodeRecord(stored, module.fields, { now: 0 }).fields.get(field.slot));
}
