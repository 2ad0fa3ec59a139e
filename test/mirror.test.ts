import { existsSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** What is about no single folder of the sources; ARCHITECTURE.md says what each is. */
const across = {
  runtime: ["edge", "security", "vectors"],
  generator: ["backends/drift", "chains", "differential", "evolution"],
} as const;

/** What tests are helped by, beside them. */
const beside = /(?:^|\/)(?:__snapshots__|cases|support)(?:\/|$)/;

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join("/"));
}

describe.each(["runtime", "generator"] as const)("tests of the %s lie as its sources do", (name) => {
  const [sources, tests] = ["src", "test"].map((folder) =>
    fileURLToPath(new URL(`../${name}/${folder}/`, import.meta.url)),
  ) as [string, string];

  it("every folder of sources has one of tests", () => {
    const untested = readdirSync(sources, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !existsSync(tests + entry.name))
      .map((entry) => entry.name);
    expect(untested).toEqual([]);
  });

  it("every folder of tests is one of sources, or says what it is about", () => {
    const strange = foldersIn(tests).filter(
      (folder) =>
        !beside.test(folder) &&
        !across[name].some((known) => folder === known || folder.startsWith(`${known}/`)) &&
        !existsSync(sources + folder),
    );
    expect(strange).toEqual([]);
  });
});
