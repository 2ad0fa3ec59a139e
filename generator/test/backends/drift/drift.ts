import { rmSync } from "node:fs";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { catalog } from "../../../src/cli/catalog.js";
import { generatorErrors } from "../../../src/errors.js";
import { standingDrifts, standingsOf } from "../../../src/live/index-notes.js";
import { loadTarget } from "../../../src/live/target.js";

/** What somebody did by hand, and the code by which `sessgen verify` tells of it; none: that is no drift. */
export type DriftCase = readonly [
  name: string,
  { readonly given: readonly string[]; readonly want: readonly string[] },
];

/** A backend as it should be, which cases are tried on one after the other. */
export interface DriftPlace {
  /** The project's folder. */
  readonly root: string;
  /** What `sessgen verify` has in its environment: the application's address. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes it as it should be. */
  reset(): Promise<void>;
  /** Does something by hand, as an administrator. */
  change(given: string): Promise<void>;
  close(): Promise<void>;
}

/** Gives the codes that `sessgen verify` finds, without loading the config for each. */
export async function verifier({
  root,
  env,
}: Pick<DriftPlace, "root" | "env">): Promise<() => Promise<string[]>> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const report = { json: true, line: () => {}, warn: () => {}, data: () => {} };
  const target = await loadTarget({ cwd: root }, { cwd: root, env, stdin, stdout, stderr }, report, catalog);
  const live = await target.backend.live?.();
  return async () => {
    const found = (await live?.verify(target)) ?? [];
    // As the command does: a backend that is not as it should be is told of first.
    const isSound = found.every(({ id }) => generatorErrors[id].severity !== "error");
    const drifts = isSound ? [...found, ...standingDrifts(await standingsOf(target, live), live)] : found;
    return drifts.map(({ id }) => id.replace("verify/", "")).sort();
  };
}

/** Makes each drift on a real server, started once. */
export function testDrift(name: string, cases: readonly DriftCase[], open: () => Promise<DriftPlace>): void {
  describe(`drift of ${name}`, () => {
    let place: DriftPlace;
    let verify: () => Promise<string[]>;
    beforeAll(async () => {
      place = await open();
      verify = await verifier(place);
    }, 120_000);
    beforeEach(() => place.reset());
    afterAll(async () => {
      await place.close();
      rmSync(place.root, { recursive: true, force: true });
    });

    it("is none where all is as it should be", async () => {
      expect(await verify()).toEqual([]);
    });

    it.each(cases)("%s", async (_, { given, want }) => {
      for (const one of given) await place.change(one);
      expect(await verify()).toEqual(want);
    });
  });
}
