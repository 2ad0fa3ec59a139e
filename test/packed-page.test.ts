import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packValue } from "../runtime/src/codec/packed/pool.js";
import { PackedReader } from "../runtime/src/codec/packed/reader.js";
import { encodeRecord } from "../runtime/src/index.js";
import { codecOf, type Schema } from "../runtime/test/codec/support/schema.js";
import { sessionVectors } from "../runtime/test/vectors/sessions.js";

const page = readFileSync(new URL("../docs/packed.md", import.meta.url), "utf8");

/** The bytes of an example: each line begins with them, and a comment follows behind several spaces. */
function linesOf(example: string): string[] {
  const [, text = ""] = new RegExp(`^\`\`\`hex ${example}\n([^]*?)^\`\`\``, "m").exec(page) ?? [];
  expect(text, `the example "${example}"`).not.toBe("");
  const lines = text.split("\n").map((line) => line.trim().split(/ {3,}/)[0] ?? "");
  return lines.map((line) => line.replaceAll(" ", "")).filter((line) => /^[\da-f]+$/.test(line));
}

it("every example is looked at", () => {
  const names = [...page.matchAll(/^```hex (\w+)$/gm)].map(([, name]) => name);
  expect(names).toEqual(["session", "gaps", "marked", "text", "token", "price", "object", "compressed"]);
});

it.each([
  ["session", { given: "the first fields" }],
  ["gaps", { given: "fields with gaps" }],
  ["compressed", { given: "compressed" }],
  ["marked", { given: "permanent, with a mark and a history of one generation" }],
])("the session %s is a vector's", (example, { given }) => {
  const vector = sessionVectors().find(({ name }) => name === given);
  expect(linesOf(example).join("")).toBe(vector?.hex);
});

const object: Schema = {
  object: [
    [0, "a", "number"],
    [1, "b", "number"],
    [2, "c", "number"],
  ],
};
const loose: Schema = { object: [[0, "a", "number"]], rest: "unknown" };

it.each<[string, { given: readonly (readonly [Schema, unknown])[] }]>([
  [
    "text",
    {
      given: [
        ["string", "Ada"],
        ["string", "a\ud83d by"],
      ],
    },
  ],
  ["token", { given: [["string", "AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK-2vcTL0tk"]] }],
  [
    "price",
    {
      given: [
        ["number", 19.99],
        ["number", 1 / 3],
      ],
    },
  ],
  [
    "object",
    {
      given: [
        [object, { a: 1, b: 2, c: 3 }],
        [object, { a: 1, c: 3 }],
        [loose, { a: 1, b: "x" }],
      ],
    },
  ],
])("the values of %s are as shown, line by line", (example, { given }) => {
  const lines = linesOf(example);
  expect(lines).toEqual(
    given.map(([schema, value]) => Buffer.from(packValue(codecOf(schema), value)).toString("hex")),
  );
  for (const [index, [schema, value]] of given.entries()) {
    expect(codecOf(schema).read(new PackedReader(Buffer.from(lines[index] ?? "", "hex")))).toEqual(value);
  }
});

it("the first example has as many bytes as it says", () => {
  const bytes = linesOf("session").join("").length / 2;
  expect(page).toContain(`theme: "dark" }\`: ${bytes} bytes.`);
  expect(encodeRecord({ createdAt: 0, permanent: false, fields: new Map() }, [], "packed")).toHaveLength(8);
});
