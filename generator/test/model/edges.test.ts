import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import { SessgenErrors } from "../../src/errors.js";
import { buildModel, configOf } from "./config.js";

const object = (value: Record<string, string>) => ({
  kind: "object",
  entries: Object.entries(value).map(([key, text]) => [key, { kind: "json", value: text }]),
});

describe("a default that goes through the schema inside", () => {
  it.each<[string, { given: unknown; want: unknown }]>([
    [
      "Zod 4 prefault",
      {
        given: z.object({ f: z.object({ t: z.string().default("light") }).prefault({}) }),
        want: object({ t: "light" }),
      },
    ],
    [
      "Zod 4 prefault with a change",
      { given: z.object({ f: z.string().trim().prefault("  a ") }), want: { kind: "json", value: "a" } },
    ],
    [
      "Zod 4 default, which does not",
      { given: z.object({ f: z.string().trim().default("  a ") }), want: { kind: "json", value: "  a " } },
    ],
    [
      "Zod 3 default",
      {
        given: z3.object({ f: z3.object({ t: z3.string().default("light") }).default({}) }),
        want: object({ t: "light" }),
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const { model } = await buildModel(configOf(given));
    expect(model.fields[0]?.default).toEqual(want);
  });
});

describe("is refused, without a hang or a crash", () => {
  async function refused(given: unknown): Promise<void> {
    const error: unknown = await buildModel(configOf(given)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SessgenErrors);
    expect((error as SessgenErrors).errors).toContainEqual(
      expect.objectContaining({ code: "model/unsupported-type" }),
    );
  }

  it("a schema that makes two new ones each time", { tags: "slow" }, async () => {
    const endless = (): z.ZodType => z.lazy(() => z.tuple([endless(), endless()]));
    await refused(z.object({ f: endless() }));
  });

  it.each<[string, { given: unknown }]>([
    [
      "a getter that throws",
      {
        given: z.object({
          f: z.lazy(() => {
            throw new Error("not yet");
          }),
        }),
      },
    ],
    [
      "a function that throws on everything",
      { given: z3.object({ f: z3.any().refine((value) => value.x.y) }) },
    ],
    [
      "z.custom() that looks at a length",
      { given: z.object({ f: z.custom((value) => (value as string).length > 0) }) },
    ],
    [
      "a conversion inside of a pipe",
      { given: z.object({ f: z.string().transform(Number).pipe(z.number()) }) },
    ],
    ["a conversion by coercion", { given: z.object({ f: z.string().pipe(z.coerce.number()) }) }],
    ["a conversion in Zod 3", { given: z3.object({ f: z3.string().transform(Number).pipe(z3.number()) }) }],
    [
      "an intersection that says two things of one key",
      {
        given: z.object({
          f: z.intersection(z.object({ a: z.string() }), z.object({ a: z.string().max(3) })),
        }),
      },
    ],
    ["a session with other fields", { given: z.looseObject({ f: z.string() }) }],
  ])("%s", async (_name, { given }) => refused(given));
});

it("bytes with a refinement are bytes", async () => {
  const { model } = await buildModel(
    configOf(z.object({ f: z.instanceof(Uint8Array).refine((bytes) => bytes.length > 2) })),
  );
  expect(model.fields[0]?.type.kind).toBe("bytes");
  expect(model.refinements).toEqual([{ path: "f", kind: "refinement" }]);
});
