import { exitCodes, generatorErrors, SessgenError } from "../../errors.js";
import { standingDrifts, standingsOf } from "../../live/index-notes.js";
import type { Drift, Live, Target } from "../../live/live.js";
import { secretsInUse, secretsText } from "../../live/secrets-in-use.js";
import { type BackendTarget, loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import { tellNeighbours } from "../neighbours.js";
import type { Reporter } from "../report.js";

/**
 * Compares the live backend with what was emitted; changes nothing, but enters the application in
 * the list of those that use the store.
 */
export async function verify(options: TargetOptions, io: Io, report: Reporter): Promise<number> {
  const target = await loadTarget(options, io, report, catalog);
  const live = await target.backend.live?.();
  const found = (await live?.verify(target)) ?? [];
  // A backend that is not as it should be was reported already.
  const sound = found.every(({ id }) => generatorErrors[id].severity !== "error");
  const drifts = sound
    ? [
        ...found,
        ...(await indexDrifts(target, live)),
        ...(await tellNeighbours(target, report)),
        ...(await tellSecrets(target, live, report)),
      ]
    : found;
  report.data("drift", drifts);
  const problems = drifts.map(
    ({ id, summary, fix }) => new SessgenError(id, summary, fix === undefined ? {} : { fix }).envelope,
  );
  for (const problem of problems) report.warn(problem);
  if (drifts.length === 0) report.line(`The backend ${target.kind} is as it should be`);
  return problems.some(({ severity }) => severity === "error") ? exitCodes.drift : exitCodes.ok;
}

async function indexDrifts(target: BackendTarget, live: Live | undefined): Promise<readonly Drift[]> {
  const { outOfReach, noIndex } = target.backend;
  return outOfReach || noIndex !== undefined ? [] : standingDrifts(await standingsOf(target, live), live);
}

async function tellSecrets(
  target: Target,
  live: Live | undefined,
  report: Reporter,
): Promise<readonly Drift[]> {
  const found = await secretsInUse(target, live);
  if (found === undefined) return [];
  if (typeof found === "string") {
    report.line(`Which secrets stored sessions need was not looked at: ${found}`);
    return [];
  }
  report.data("secrets", found.secrets);
  for (const line of secretsText(found)) report.line(line);
  return found.drifts;
}
