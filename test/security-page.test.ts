import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(root, "docs/security.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:id|attack|change) /.test(line));

/** OWASP ASVS 5.0.0: all of V7, and of V3 what concerns cookies. */
const requirements = [
  ...["7.1.1", "7.1.2", "7.1.3"],
  ...["7.2.1", "7.2.2", "7.2.3", "7.2.4"],
  ...["7.3.1", "7.3.2"],
  ...["7.4.1", "7.4.2", "7.4.3", "7.4.4", "7.4.5"],
  ...["7.5.1", "7.5.2", "7.5.3"],
  ...["7.6.1", "7.6.2"],
  ...["3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.3.5"],
  ...["3.5.1", "3.5.3", "3.5.4"],
];
const tests = [...page.matchAll(/`([\w/.-]+\.test\.ts) > ([^`]+)`/g)].map(([, file = "", title = ""]) => [
  file,
  title,
]);

describe("docs/security.md", () => {
  it("answers each requirement once, and no other", () => {
    const answered = rows.map((row) => /^\| (\d\S+) /.exec(row)?.[1]).filter((id) => id !== undefined);
    expect(answered.sort()).toEqual([...requirements].sort());
  });

  it("names a test for each answer, or says whose job it is", () => {
    for (const row of rows) {
      expect(row.includes(".test.ts > ") || row.includes("| Application"), row).toBe(true);
    }
  });

  it.each([...new Set(tests.map(([file]) => file))])("names tests of %s that are there", (file) => {
    const source = readFileSync(join(root, String(file)), "utf8");
    for (const [of, title] of tests) {
      if (of === file) expect(source.includes(JSON.stringify(title)), title).toBe(true);
    }
  });
});
