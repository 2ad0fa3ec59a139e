import { expect, it } from "vitest";
import { Breaks, type BreaksOptions } from "../../src/live/breaks.js";

it.each<[string, { given: BreaksOptions; want: readonly number[] }]>([
  ["as long as the work, unless said otherwise", { given: {}, want: [10, 300] }],
  ["three times as long for a quarter of the time", { given: { share: 0.25 }, want: [30, 900] }],
  ["never for all of the time", { given: { share: 1 }, want: [] }],
  ["no shorter than the least", { given: { share: 0.5, least: 50 }, want: [50, 300, 50] }],
  ["the least even for all of the time", { given: { share: 1, least: 50 }, want: [50, 50, 50] }],
])("a pause is %s", async (_name, { given, want }) => {
  const pauses: number[] = [];
  let now = 5000;
  const sleep = async (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    // A pause that takes longer is none of the work's time.
    now += milliseconds * 2;
  };
  const breaks = new Breaks({ ...given, clock: { now: () => now, sleep } });
  for (const work of [10, 300, 0]) {
    now += work;
    await breaks.pause();
  }
  expect(pauses).toEqual(want);
});

it("within a piece of work, pauses are for what was done since the last one, however short", async () => {
  const pauses: number[] = [];
  let now = 5000;
  const sleep = async (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    now += milliseconds;
  };
  const breaks = new Breaks({ least: 50, clock: { now: () => now, sleep } });
  for (const work of [0.25, 0.5, 0.75, 10]) {
    now += work;
    await breaks.breathe();
  }
  expect(pauses).toEqual([1.5, 10]);
});

it("a pause ends when the command is interrupted", async () => {
  const command = new AbortController();
  const pause = new Breaks({ least: 3_600_000, signal: command.signal }).pause();
  command.abort();
  await expect(pause).resolves.toBeUndefined();
});
