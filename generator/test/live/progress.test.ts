import { expect, it } from "vitest";
import { type ProgressOptions, progressOf } from "../../src/live/progress.js";

it.each<[string, { given: Partial<ProgressOptions>; want: string }]>([
  ["without a total", { given: {}, want: "1,500 sessions" }],
  [
    "with a total that was counted",
    {
      given: { total: { count: 4500, exact: true } },
      want: "1,500 of 4,500 sessions, about 30 seconds left",
    },
  ],
  [
    "with a total that was guessed, and takes long",
    {
      given: { total: { count: 1_001_500, exact: false } },
      want: "1,500 of about 1,001,500 sessions, about 3 hours left",
    },
  ],
  [
    "going on: by the speed of this run",
    {
      given: { total: { count: 61_000, exact: true }, before: 500 },
      want: "2,000 of 61,000 sessions, about 10 minutes left",
    },
  ],
])("says how far it is %s", (_name, { given, want }) => {
  let now = 0;
  const said: string[] = [];
  const progress = progressOf({
    say: (line) => said.push(line),
    what: "sessions",
    clock: () => now,
    ...given,
  });
  now = 1000;
  progress.add(100);
  expect(said).toEqual([]);
  now = 15_000;
  progress.add(1400);
  expect(said).toEqual([want]);
});
