import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sessgen-jsdoc-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the guard finds in a file. */
function found(text: string): readonly string[] {
  writeFileSync(join(folder, "file.ts"), text);
  const { stderr } = spawnSync(process.execPath, [join(root, "scripts/jsdoc.mjs"), relative(root, folder)], {
    encoding: "utf8",
  });
  return [...stderr.matchAll(/file\.ts:(\d+: \S+)$/gm)].map(([, place = ""]) => place);
}

describe("JSDoc", () => {
  it.each<[string, { readonly given: string; readonly want: readonly string[] }]>([
    ["with a verb is fine", { given: "/** Reads it. */\nexport function f() {}\n", want: [] }],
    ["of several lines is, too", { given: "/**\n * Reads\n * it.\n */\nexport function f() {}\n", want: [] }],
    ["with a noun is not", { given: "/** The thing. */\nexport function f() {}\n", want: ["2: f"] }],
    ["with what only looks like a verb", { given: "/** As g. */\nexport function f() {}\n", want: ["2: f"] }],
    [
      "stands at the first signature of several",
      {
        given:
          "/** Reads it. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f(a) {}\n",
        want: [],
      },
    ],
    ["must be there", { given: "export async function f() {}\n", want: ["1: f"] }],
    [
      "of others than functions says what they are",
      { given: "/** A thing. */\nexport const a = 1;\n", want: [] },
    ],
    [
      "of what is not exported is nobody's business",
      { given: "/** The thing. */\nfunction f() {}\n", want: [] },
    ],
    [
      "of a class's method, if there is any",
      {
        given: "export class A {\n  a() {}\n  /** The b. */\n  b() {}\n  /** The c. */\n  #c() {}\n}\n",
        want: ["4: A.b"],
      },
    ],
    [
      "of an interface's method, but not of a member",
      {
        given: "export interface A {\n  /** The a. */\n  a(): void;\n  /** The b. */\n  b: 1;\n}\n",
        want: ["3: A.a"],
      },
    ],
  ])("%s", (_name, { given, want }) => {
    expect(found(given)).toEqual(want);
  });
});
