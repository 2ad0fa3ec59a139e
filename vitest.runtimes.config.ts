// `npm run test:runtimes`: the runtime's tests that need no server, on Bun and Deno; started by scripts/test-on-runtimes.mjs.
import { globSync } from "tinyglobby";
import { defineConfig } from "vitest/config";
import { isFast } from "./scripts/fast-tests.mjs";
import { skipped } from "./scripts/runtime-skips.mjs";
import base from "./vitest.config.js";

const files = globSync("runtime/test/**/*.test.ts", { cwd: import.meta.dirname });
const { files: without, tests } = skipped("bun" in process.versions ? "bun" : "deno");
const names = tests.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

export default defineConfig({
  test: {
    ...base.test,
    include: files.filter((file) => !without.includes(file) && isFast(`${import.meta.dirname}/${file}`)),
    testNamePattern: new RegExp(`^(?!.*(?:${names.join("|")}))`),
    globalSetup: [],
    deps: { interopDefault: false },
    maxWorkers: 2,
  },
});
