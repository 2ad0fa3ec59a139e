import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalog } from "../../src/cli/catalog.js";
import { backendSchema } from "../../src/config/options/options.js";
import { env } from "../../src/index.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const schema = backendSchema(catalog);

/** What follows `backend:` in a block of TypeScript, evaluated. */
function backendIn(block: string): Record<string, object> {
  const [, text = ""] = /\bbackend: (\{.*\}),\n/s.exec(`${block}\n`) ?? [];
  const balanced = text.slice(0, endOf(text));
  return new Function("env", `return (${balanced});`)(env) as Record<string, object>;
}

/** Where the object at the beginning of a text ends. */
function endOf(text: string): number {
  let depth = 0;
  for (const [position, character] of [...text].entries()) {
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if (depth === 0) return position + 1;
  }
  return text.length;
}

describe.each(["README.md", "docs/backends.md"])("every backend in %s", (file) => {
  const page = readFileSync(`${root}${file}`, "utf8");
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  const shown = blocks.filter((text) => /\bbackend: \{/.test(text));

  it("there are some", () => {
    expect(shown.length).toBeGreaterThan(0);
  });

  it.each(shown)("is valid: %s", (block) => {
    const given = backendIn(block);
    for (const one of "kind" in given ? [given] : Object.values(given))
      expect(schema.safeParse(one).error?.issues ?? []).toEqual([]);
  });
});
