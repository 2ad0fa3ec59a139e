/** @module-tag slow */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { backends } from "../generator/src/backends/index.js";
import { project } from "../generator/test/support/project.js";

const page = readFileSync(join(fileURLToPath(new URL("..", import.meta.url)), "docs/backends.md"), "utf8");
const snippets = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text.trim());
const kindOf = (snippet: string): string => /kind: "([\w-]+)"/.exec(snippet)?.[1] ?? "";

describe("docs/backends.md", () => {
  it.each(snippets)("shows a backend that can be generated: %s", async (snippet) => {
    const indexed = backends.get(kindOf(snippet))?.noIndex === undefined;
    const user = project({
      // What some of them bring themselves.
      ...Object.fromEntries(
        [...snippet.matchAll(/(?:client|module): "\.\/([^"]+)"/g)].map(([, file = ""]) => [
          file,
          "export default {};\n",
        ]),
      ),
      "session.config.ts": [
        'import { defineConfig, env } from "sessgen";',
        'import { z } from "zod";',
        "void env;",
        "export default defineConfig({",
        "schema: z.object({ user: z.object({ id: z.string().max(40) }).optional() }),",
        indexed ? 'fields: { "user.id": { index: true } },' : "",
        snippet,
        "});",
      ].join("\n"),
    });
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/store.ts")).toContain(`@sessgen/runtime/stores/${kindOf(snippet)}`);
  });

  it("shows every backend there is", () => {
    expect([...new Set(snippets.map(kindOf))].sort()).toEqual([...backends.keys()].sort());
    for (const kind of backends.keys()) expect(page).toContain(`\`${kind}\``);
  });
});
