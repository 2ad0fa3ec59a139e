// `npm run test:fast`: the tests that need no server and start no other program.
import { globSync } from "tinyglobby";
import { defineConfig } from "vitest/config";
import { isFast } from "./scripts/fast-tests.mjs";
import base from "./vitest.config.js";

const { include = [], ...common } = base.test ?? {};
const fast = globSync(include, { cwd: import.meta.dirname }).filter((file) =>
  isFast(`${import.meta.dirname}/${file}`),
);

/**
 * Nothing that these do outlasts them: modules that one has loaded serve the next one. Half the
 * time went by while compilers and Zod were loaded anew for each file.
 */
const shares =
  /^(?:generator\/test|runtime\/test\/(?:adapters|checks|codec|cookie|edge|stores|time)|test\/[\w-]+\.test\.ts$)/;

export default defineConfig({
  test: {
    ...common,
    // A test that asks for a server fails.
    globalSetup: [],
    projects: [
      {
        extends: true,
        test: { name: "shared", include: fast.filter((file) => shares.test(file)), isolate: false },
      },
      { extends: true, test: { name: "alone", include: fast.filter((file) => !shares.test(file)) } },
    ],
  },
});
