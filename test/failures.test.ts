import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

it("what failed is said again at the end: tests, hooks, files that cannot be loaded, and what nobody awaited", () => {
  const cache = join(root, ".cache/sessgen-tests");
  mkdirSync(cache, { recursive: true });
  // Inside of the repository, so that vitest can be imported.
  const folder = mkdtempSync(join(cache, "failures-"));
  try {
    writeFileSync(
      join(folder, "one.test.ts"),
      [
        'import { beforeAll, describe, expect, it } from "vitest";',
        'describe("a suite", () => { beforeAll(() => { throw new Error("no hook"); }); it("is not run", () => {}); });',
        'it("is wrong", () => expect({ a: 1 }).toEqual({ a: 2 }));',
        'it("is right", async () => { setTimeout(() => { throw new Error("too late"); }); await new Promise((done) => setTimeout(done, 20)); });',
      ].join("\n"),
    );
    // By default vitest passes over folders named .cache.
    writeFileSync(join(folder, "vitest.config.mjs"), "export default { test: { exclude: [] } };\n");
    writeFileSync(join(folder, "two.test.ts"), 'import "./nowhere.js";\n');
    const report = join(folder, "failures.json");
    const reporter = join(root, "scripts/failures-reporter.mjs");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const { status } = spawnSync(
      process.execPath,
      [vitest, "run", "--root", folder, `--reporter=${reporter}`],
      { env: { ...process.env, SESSGEN_FAILURES_REPORT: report } },
    );
    expect(status).toBe(1);
    const failures: { title: string; message: string }[] = JSON.parse(readFileSync(report, "utf8"));
    expect(failures.sort((a, b) => (a.title < b.title ? -1 : 1))).toEqual([
      { title: "one.test.ts > a suite", message: expect.stringContaining("Error: no hook") },
      { title: "one.test.ts > is wrong", message: expect.stringMatching(/one\.test\.ts:3:[\s\S]*"a": 2/) },
      { title: "outside of any test", message: expect.stringContaining("Error: too late") },
      { title: "two.test.ts", message: expect.stringContaining("nowhere.js") },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
