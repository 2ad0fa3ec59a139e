import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { documentation } from "../../src/documentation.js";
import { generatorErrors } from "../../src/errors.js";
import { project } from "../support/project.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What a text says is documented, that is, pages by their addresses, and by names that no package has. */
function named(text: string): { readonly pages: string[]; readonly others: string[] } {
  const pages = text
    .split(documentation)
    .slice(1)
    .map((rest) => /^[\w/-]+\.md/.exec(rest)?.[0] ?? "");
  return { pages, others: text.replaceAll(documentation, "").match(/docs\/\S+/g) ?? [] };
}

const commands = ["check", "doctor", "generate", "init", "lock", "migrate"];

describe("what is told of the documentation is where it can be read", () => {
  it.each(["", ...commands])("in --help %s", async (name) => {
    const command = name === "" ? [] : [name];
    const { code, out } = await project().run(...command, "--help");
    expect(code).toBe(0);
    const { pages, others } = named(out);
    expect(others).toEqual([]);
    for (const page of pages) expect(existsSync(`${root}docs/${page}`), page).toBe(true);
    if (command.length === 0) expect(out).toContain(`Documentation: ${documentation}`);
  });

  it("in errors", () => {
    const found = Object.values(generatorErrors).map(({ why, fix }) => named(`${why} ${fix}`));
    expect(found.flatMap(({ others }) => others)).toEqual([]);
    const pages = found.flatMap((one) => one.pages);
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) expect(existsSync(`${root}docs/${page}`), page).toBe(true);
  });
});
