import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { className, stepName } from "../generator/src/changes/report/words.js";
import { rules } from "../generator/src/changes/rules/index.js";
import { uncompared } from "../generator/src/changes/uncompared.js";
import { exitCodes } from "../generator/src/errors.js";
import { changesPage } from "../scripts/changes-page.mjs";

it("docs/changes.md is what the rules say: npm run docs:changes", () => {
  const page = readFileSync(fileURLToPath(new URL("../docs/changes.md", import.meta.url)), "utf8");
  expect(page).toBe(changesPage({ rules, uncompared, className, stepName, exitCode: exitCodes.changes }));
});
