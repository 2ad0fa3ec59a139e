import { expect, it } from "vitest";
import { fuzz } from "../fuzz/run.js";

// All of it: `npm run fuzz -- --cases 1000000`.
const title = "no hostile cookie or payload crashes anything, is adopted, or shows another's session";
it(title, { tags: "slow" }, async () => {
  const { cases } = await fuzz({ cases: 20_000, seed: 20_260_101 });
  // Cookies with ids and with sessions, payloads and merges in every format, on both schemas.
  expect(cases.size).toBe(24);
  for (const [name, count] of cases) expect(count, name).toBeGreaterThan(800);
});
