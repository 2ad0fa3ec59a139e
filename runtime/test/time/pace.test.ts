import { describe, expect, it } from "vitest";
import { Pace } from "../../src/time/pace.js";

/** The sizes of batches of which each takes so many milliseconds for one thing, or at least so many. */
async function sizes(
  pace: Pace,
  { each = 0, least = 0 }: { each?: number; least?: number },
): Promise<number[]> {
  const sizes: number[] = [];
  for (let batch = 0; batch < 6; batch += 1) {
    sizes.push(pace.size);
    await pace.rest(Math.max(least, pace.size * each));
  }
  return sizes;
}

describe("the pace of work beside traffic", () => {
  it.each<
    [
      string,
      { given: [options: { limit?: number }, took: { each?: number; least?: number }]; want: number[] },
    ]
  >([
    [
      "grows while batches take hardly any time, up to the limit",
      { given: [{}, {}], want: [200, 400, 800, 1000, 1000, 1000] },
    ],
    [
      "is what takes some milliseconds",
      { given: [{}, { each: 0.05 }], want: [200, 400, 400, 400, 400, 400] },
    ],
    [
      "does not do less where any batch takes long",
      { given: [{}, { least: 40 }], want: [200, 200, 200, 200, 200, 200] },
    ],
    ["does no more than the limit", { given: [{ limit: 3 }, { least: 40 }], want: [3, 3, 3, 3, 3, 3] }],
  ])("%s", async (_name, { given: [options, took], want }) => {
    expect(await sizes(new Pace({ ...options, pause: 0, share: 1 }), took)).toEqual(want);
  });

  it.each([
    [{ share: 1, pause: 0 }, 50, 0],
    [{ share: 0.5, pause: 0 }, 50, 50],
    [{ share: 0.25, pause: 0 }, 20, 60],
    [{ share: 0.5, pause: 30 }, 1, 30],
  ])("with %j pauses after %d ms for %d ms or more", async (options, took, least) => {
    const begun = performance.now();
    await new Pace(options).rest(took);
    // Timers of Node end up to a millisecond early.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(least - 1);
  });

  it("pauses no longer once it is told to end", async () => {
    const begun = performance.now();
    await new Pace({ pause: 60_000 }).rest(0, AbortSignal.timeout(10));
    expect(performance.now() - begun).toBeLessThan(30_000);
  });
});
