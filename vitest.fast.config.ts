// `npm run test:fast`: the tests that need no server and start no other program.
import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { defineConfig } from "vitest/config";
import { isFast } from "./scripts/fast-tests.mjs";
import base from "./vitest.config.js";

const { include = [], ...common } = base.test ?? {};
const fast = globSync(include, { cwd: import.meta.dirname }).filter((file) =>
  isFast(`${import.meta.dirname}/${file}`),
);

/** Whose applications close their stores at the end, and whose fields are changed for good. */
const closing =
  /^(?:examples|test\/express-session|test\/frameworks|runtime\/test\/session\/(?:lookup|records))\//;

/** Tells whether a file leaves something behind in modules, or has them loaded in a way of its own. */
function leaves(file: string): boolean {
  return closing.test(file) || /\bvi\.mock\(/.test(readFileSync(`${import.meta.dirname}/${file}`, "utf8"));
}

export default defineConfig({
  test: {
    ...common,
    // A test that asks for a server fails.
    globalSetup: [],
    projects: [
      // Half the time went by while compilers, Zod and the runtime were loaded for each file anew.
      {
        extends: true,
        test: { name: "together", include: fast.filter((file) => !leaves(file)), isolate: false },
      },
      { extends: true, test: { name: "alone", include: fast.filter((file) => leaves(file)) } },
    ],
  },
});
