import type { SessionBase, Sessions } from "@sessgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import { type Emitted, emitted } from "./emitted.js";

/** What may stand in for what is absent, behind wrappers in many orders. */
const four = z.object({
  caughtOptional: z.number().catch(7).optional(),
  optionalCaught: z.number().optional().catch(7),
  caught: z.number().catch(7),
  caughtNullable: z.number().catch(7).nullable(),
  nullableCaught: z.number().nullable().catch(7),
  optionalDefault: z.string().optional().default("a"),
  defaultOptional: z.string().default("a").optional(),
  defaultNullable: z.string().default("a").nullable(),
  defaultCaught: z.string().default("a").catch("b"),
  caughtDefault: z.string().catch("b").default("a"),
  prefault: z.string().prefault("a"),
  lazy: z.lazy(() => z.string().default("a")),
  readonly: z.array(z.string()).default([]).readonly(),
  union: z.union([z.string().default("a"), z.number()]),
  pipe: z.string().default("a").pipe(z.string()),
  caughtUndefined: z.string().optional().catch(undefined),
});
const three = z3.object({
  caughtOptional: z3.number().catch(7).optional(),
  optionalCaught: z3.number().optional().catch(7),
  caught: z3.number().catch(7),
  caughtNullable: z3.number().catch(7).nullable(),
  defaultOptional: z3.string().default("a").optional(),
  defaultNullable: z3.string().default("a").nullable(),
  refined: z3
    .string()
    .default("a")
    .refine((text) => text !== "b"),
  brand: z3.string().default("a").brand<"A">(),
  lazy: z3.lazy(() => z3.string().default("a")),
  preprocessed: z3.preprocess((value) => value, z3.string().default("a")),
});

describe.each([
  ["Zod 4", { schema: four }],
  ["Zod 3", { schema: three }],
])("a session without any value, of %s", (_version, { schema }) => {
  let module: Emitted;
  let session: SessionBase;
  beforeAll(async () => {
    module = await emitted("absence", schema);
    const { sessions }: { sessions: Sessions<SessionBase> } = await import(`${module.folder}/index.ts`);
    session = await sessions.open(undefined);
  });
  afterAll(() => module.remove());

  it.each(Object.keys(schema.shape))("reads %s as Zod does", (name) => {
    const read: Readonly<Record<string, unknown>> = schema.parse({});
    expect(Reflect.get(session, name)).toEqual(read[name]);
  });
});
