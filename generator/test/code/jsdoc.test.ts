import { describe, expect, it } from "vitest";
import { print, WIDTH } from "../../src/code/doc.js";
import { docLines, documented } from "../../src/code/jsdoc.js";

const written = (description: string | undefined): string => print(documented(description, "name: string;"));

describe("a description", () => {
  it.each<[string, { given: string | undefined; want: string }]>([
    ["that is none", { given: undefined, want: "name: string;" }],
    ["of blanks", { given: " \n ", want: "name: string;" }],
    ["that is short", { given: "The name.", want: "/** The name. */\nname: string;" }],
    [
      "of several lines",
      { given: "One.\r\n\r\nTwo.", want: "/**\n * One.\n *\n * Two.\n */\nname: string;" },
    ],
    ["that would end the comment", { given: "a */ b", want: "/** a *\\/ b */\nname: string;" }],
  ])("%s becomes a comment, or nothing", (_name, { given, want }) => {
    expect(written(given)).toBe(want);
  });

  it("is broken between words where the line has no more room, and below the text of an item", () => {
    const text = "word ".repeat(30).trim();
    const lines = written(`${text}\n- ${text}`).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(WIDTH);
    expect(lines.map((line) => line.slice(0, 7))).toEqual([
      "/**",
      " * word",
      " * word",
      " * - wo",
      " *   wo",
      " */",
      "name: s",
    ]);
    expect(lines.join(" ").match(/word/g)).toHaveLength(60);
  });

  it("stands on a line of its own, of a member that ts-morph prints, unless it is short", () => {
    expect(docLines("Short.", 1)).toEqual(["Short."]);
    expect(docLines(undefined)).toEqual([]);
    expect(docLines("word ".repeat(30), 1)[0]).toMatch(/^\nword(?: word)+\nword/);
  });
});
