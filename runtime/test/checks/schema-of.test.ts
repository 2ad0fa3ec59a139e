import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import { schemaOf, type UserSchema } from "../../src/checks/index.js";
import { SessionFieldError } from "../../src/errors.js";

function pathOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof SessionFieldError) return error.path;
    throw error;
  }
  return "nothing was refused";
}

const shape = {
  name: z.string().trim().min(1),
  list: z.array(z.string().default("a")),
  note: z.string().optional(),
};
const shape3 = {
  name: z3.string().trim().min(1),
  list: z3.array(z3.string().default("a")),
  note: z3.string().optional(),
};
const differ = ({ name, note }: { name: string; note?: string | undefined }): boolean => name !== note;

describe.each<[string, { given: unknown }]>([
  ["an object", { given: z.object(shape).refine(differ) }],
  ["a readonly object", { given: z.object(shape).refine(differ).readonly() }],
  ["z.lazy()", { given: z.lazy(() => z.object(shape).refine(differ)) }],
  ["an object of Zod 3", { given: z3.object(shape3).refine(differ) }],
  ["a readonly object of Zod 3", { given: z3.object(shape3).refine(differ).readonly() }],
  ["a branded one of Zod 3", { given: z3.object(shape3).refine(differ).brand("S") }],
  ["z.lazy() of Zod 3", { given: z3.lazy(() => z3.object(shape3).refine(differ)) }],
])("the schema of a module that exports %s", (_name, { given }) => {
  const schema: UserSchema = schemaOf({ schema: given });

  it("says what a field accepts", () => {
    expect(schema.accepts("name", "a")).toBe(true);
    expect(schema.accepts("name", " ")).toBe(false);
    expect(schema.accepts("note", undefined)).toBe(true);
  });

  it("converts values as Zod does", () => {
    expect(schema.convert("name", " a ")).toBe("a");
    expect(schema.convert("list", ["b", undefined])).toEqual(["b", "a"]);
  });

  it("says where a value is wrong", () => {
    expect(pathOf(() => schema.convert("name", ""))).toBe("name");
    expect(pathOf(() => schema.convert("list", ["a", 1]))).toBe("list[1]");
  });

  it("gives what stands in for an absent field", () => {
    expect(schema.defaultOf("note")).toBeUndefined();
  });

  it("judges the whole once every field is there", () => {
    schema.check({});
    schema.check({ name: "a", note: "a" });
    schema.check({ name: "a", note: "b", list: [] });
    expect(pathOf(() => schema.check({ name: "a", note: "a", list: [] }))).toBe("");
  });

  it("has no other fields", () => {
    expect(() => schema.accepts("other", 1)).toThrow("no field other");
  });
});

it.each<[string, { given: { default?: unknown; schema?: unknown } }]>([
  ["nothing", { given: {} }],
  ["something else", { given: { default: "a", schema: {} } }],
  ["a schema of something else", { given: { schema: z.array(z.string()) } }],
  [
    "one that is itself",
    { given: { schema: { safeParse: () => ({}), _def: { getter: (): unknown => ({}) } } } },
  ],
])("a module that exports %s is refused", (_name, { given }) => {
  expect(() => schemaOf(given)).toThrow(expect.objectContaining({ code: "schema/missing" }));
});

it("a session as a whole has no path in the message", () => {
  expect(new SessionFieldError("", "right").message).toBe("session must be right [field/invalid]");
});
