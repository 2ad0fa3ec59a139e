import { createHash, randomBytes } from "node:crypto";
import { envelopeOf } from "../../errors.js";
import type { Drift } from "../../live/live.js";
import { withStore } from "../../live/open-store.js";
import type { BackendTarget } from "../../live/target.js";
import { type Outcome, skipped } from "./outcome.js";

/** What is told of a backend: it, and its clock. */
export interface BackendOutcomes {
  readonly backend: Outcome;
  readonly clock: Outcome;
}

/** Looks whether the backend answers, is migrated, and has our time. Changes nothing in it. */
export async function lookAtBackend(target: BackendTarget): Promise<BackendOutcomes> {
  const unknown = skipped(`Nothing tells the clock of ${target.kind}`);
  if (target.backend.outOfReach) {
    const nothing = skipped(
      `Nothing has to be reached: sessions of ${target.kind} are out of reach of commands`,
    );
    return { backend: nothing, clock: unknown };
  }
  const live = await target.backend.live?.();
  if (live === undefined) {
    // A key like those of sessions, that nobody has.
    const key = createHash("sha256").update(randomBytes(32)).digest("base64url");
    await withStore(target, (store) => store.read(key));
    return { backend: { summary: `${target.kind} answers` }, clock: unknown };
  }
  const drifts = await live.verify(target);
  const isClock = ({ id }: Drift): boolean => id === "verify/clock-skew";
  return {
    backend: outcome(
      drifts.filter((drift) => !isClock(drift)),
      `${target.kind} answers, and is as it should be`,
    ),
    clock: outcome(drifts.filter(isClock), `${target.kind} does not have another time`),
  };
}

function outcome(drifts: readonly Drift[], summary: string): Outcome {
  const problems = drifts.map(({ id, summary: text, fix }) =>
    envelopeOf(id, text, fix === undefined ? {} : { fix }),
  );
  return { summary: problems[0]?.summary ?? summary, problems };
}
