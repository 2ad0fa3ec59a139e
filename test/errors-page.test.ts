import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generatorErrors } from "../generator/src/errors.js";
import { errorCauses } from "../runtime/src/error-causes.js";
import { runtimeErrors } from "../runtime/src/error-fixes.js";
import type { RuntimeErrorCode } from "../runtime/src/errors.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(root, "docs/errors.md"), "utf8");

const runtimeEntries = Object.entries(runtimeErrors).map(([code, entry]) => [
  code,
  { ...entry, why: errorCauses[code as RuntimeErrorCode] },
]);

describe.each([
  ["generator", { registry: generatorErrors }],
  [
    "runtime",
    { registry: Object.fromEntries(runtimeEntries) as Record<string, { why: string; fix: string }> },
  ],
])("errors of the %s", (_name, { registry }) => {
  // All: the generator and its templates emit code that throws the runtime's errors.
  const sources = ["generator/src", "runtime/src", "templates/glue"].flatMap((path) =>
    sourceOf(join(root, path)),
  );

  it.each(Object.entries(registry))("%s is documented and thrown", (code, { why, fix }) => {
    expect(page).toContain(`### ${code}\n`);
    expect(page).toContain(why);
    expect(page).toContain(fix);
    expect(sources.some((text) => text.includes(`"${code}"`))).toBe(true);
  });
});

it("the page documents nothing that no registry knows", () => {
  const documented = [...page.matchAll(/^### (.+)$/gm)].map((match) => match[1]);
  const known = [...Object.keys(generatorErrors), ...Object.keys(runtimeErrors)];
  expect(documented.sort()).toEqual(known.sort());
});

/** The text of every source file, without the registry itself. */
function sourceOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ts(?:\.hbs)?$/.test(file))
    .map((file) =>
      readFileSync(join(folder, file), "utf8").replace(
        /^(?:(?:export )?const (?:\w+Errors|errorCauses|fixes|statuses)\b[\s\S]*?^}|type MistakeCode\b[^;]*;)/gm,
        "",
      ),
    );
}
