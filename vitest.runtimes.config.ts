// `npm run test:runtimes`: the runtime's tests that need no server, on Bun and Deno; started by scripts/test-on-runtimes.mjs.
import { globSync } from "tinyglobby";
import { defineConfig } from "vitest/config";
import { isFast } from "./scripts/fast-tests.mjs";
import base from "./vitest.config.js";

const files = globSync("runtime/test/**/*.test.ts", { cwd: import.meta.dirname });

export default defineConfig({
  test: {
    ...base.test,
    include: files.filter((file) => isFast(`${import.meta.dirname}/${file}`)),
    tagsFilter: ["!slow"],
    globalSetup: [],
    maxWorkers: 2,
  },
});
