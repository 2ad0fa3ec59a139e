import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sessgen-comments-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is left of a file, and whether the guard is content with it. */
function run(text: string, ...flags: string[]): { readonly text: string; readonly said: string } {
  const file = join(folder, "file.ts");
  writeFileSync(file, text);
  let said = "";
  try {
    execFileSync(process.execPath, [join(root, "scripts/comments.mjs"), ...flags, relative(root, folder)], {
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    said = (error as { stderr: string }).stderr;
  }
  return { text: readFileSync(file, "utf8"), said };
}

const ten = "a sentence with ten words that goes on and on"; // 45 characters
const long = `${ten} ${ten} ${ten}`;

describe("comments that are too wide", () => {
  it.each<[string, { readonly given: string; readonly want: string }]>([
    [
      "of one line become several",
      { given: `/** ${long} */\n`, want: `/**\n * ${ten} ${ten} a\n * ${ten.slice(2)}\n */\n` },
    ],
    [
      "are indented as they were",
      {
        given: `function f() {\n  // ${long}\n}\n`,
        want: `function f() {\n  // ${ten} ${ten} a\n  // ${ten.slice(2)}\n}\n`,
      },
    ],
    [
      "are filled paragraph by paragraph, and those that fit are left",
      {
        given: `/**\n * Short\n * lines.\n *\n * ${long}\n * and more\n */\n`,
        want: `/**\n * Short\n * lines.\n *\n * ${ten} ${ten} a\n * ${ten.slice(2)} and more\n */\n`,
      },
    ],
    [
      "go on indented below a tag",
      {
        given: `/**\n * @param x - ${long}\n * @param y - short\n */\n`,
        want: `/**\n * @param x - ${ten} a sentence with ten words that goes on\n *   and on ${ten}\n * @param y - short\n */\n`,
      },
    ],
    [
      "break no link",
      {
        given: `/** ${ten} ${ten} {@link store and more} */\n`,
        want: `/**\n * ${ten} ${ten}\n * {@link store and more}\n */\n`,
      },
    ],
  ])("%s", (_, { given, want }) => {
    expect(run(given).said).toMatch(/file\.ts:\d+:\d+/);
    expect(run(given, "--wrap")).toEqual({ text: want, said: "" });
  });

  it.each<[string, string]>([
    ["in a fence", `/**\n * \`\`\`ts\n * ${long}\n * \`\`\`\n */\n`],
    ["in a table", `/**\n * | ${long} |\n */\n`],
    ["behind code", `const x = 1; // ${long}\n`],
  ])("%s are left to a person", (_, given) => {
    const { text, said } = run(given, "--wrap");
    expect(text).toBe(given);
    expect(said).toContain("1 comments end beyond column 100");
  });

  it.each<[string, string]>([
    ["an address", `// https://example.com/${"a".repeat(100)}\n`],
    ["what a tool reads", `// biome-ignore lint/style/useConst: ${long}\n`],
    ["what is text", `const x = \`\n// ${long}\n\`;\n`],
  ])("%s is no such comment", (_, given) => {
    expect(run(given, "--wrap")).toEqual({ text: given, said: "" });
  });
});
