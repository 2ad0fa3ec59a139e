/** @module-tag slow */
import fc from "fast-check";
import { expect, it } from "vitest";
import { judge, randomValues } from "./judge.js";
import { recipes } from "./recipes.js";

/** Another one looks at other schemas and values; so does `npm run fuzz:zod`, for as long as one likes. */
const seed = Number(process.env["SEED"] ?? 1);

it.each([4, 3] as const)("setters and codecs say what Zod %i does", async (zod) => {
  const some = fc.sample(recipes(zod), { seed, numRuns: 250 });
  const verdict = await judge(zod, some, randomValues(seed, 40));
  expect(verdict.differences).toEqual([]);
  expect(verdict.schemas).toBeGreaterThan(150);
  expect(verdict.stored).toBeGreaterThan(verdict.schemas * 5);
});
