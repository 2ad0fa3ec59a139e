import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { frameworks } from "../../generator/src/frameworks/index.js";
import { followed } from "./guide.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
// next-page.test.ts follows that of Next.js, whose server takes its time, and goes on with what it has served.
const pages = readdirSync(join(root, "docs/frameworks")).filter((page) => page !== "next.md");

describe("the guide of", () => {
  it.each(pages)(
    "%s logs a user in, and all of its code compiles",
    async (page) => {
      const { login, compile, end } = await followed(page);
      onTestFinished(end);
      expect(login?.seconds).toBeGreaterThan(0);
      await compile();
    },
    180_000,
  );
});

it("every framework is in the table, with its guide and its example", () => {
  const table = readFileSync(join(root, "docs/frameworks.md"), "utf8");
  for (const name of frameworks.keys()) expect(table).toContain(`| [\`${name}\`](frameworks/${name}.md) |`);
});

// npm asks at a terminal before it runs a package that is not installed, and refuses anywhere else.
it.each(["frameworks", "newcomers"])(
  "what pages of docs/%s run before they install anything, nobody is asked about",
  (name) => {
    const folder = join(root, "docs", name);
    for (const page of readdirSync(folder)) {
      const text = readFileSync(join(folder, page), "utf8");
      const [before = ""] = text.split(/^(?:npm install|pnpm .*add) /m);
      expect(before.match(/^npx (?!--yes ).*$/m), page).toBeNull();
    }
  },
);
