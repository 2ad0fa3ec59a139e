// `npm run test:fast`: the tests that need no server and start no other program.
import { globSync } from "tinyglobby";
import { defineConfig } from "vitest/config";
import { isFast } from "./scripts/fast-tests.mjs";
import base from "./vitest.config.js";

const files = globSync(base.test?.include ?? [], { cwd: import.meta.dirname });

export default defineConfig({
  test: {
    ...base.test,
    include: files.filter((file) => isFast(`${import.meta.dirname}/${file}`)),
    // A test that asks for a server fails.
    globalSetup: [],
  },
});
