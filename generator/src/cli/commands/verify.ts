import { exitCodes, SessgenError } from "../../errors.js";
import { loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";

/** Compares the live backend with what was emitted; changes nothing. */
export async function verify(options: TargetOptions, io: Io, report: Reporter): Promise<number> {
  const target = await loadTarget(options, io, report, catalog);
  const live = await target.backend.live?.();
  const drifts = (await live?.verify(target)) ?? [];
  report.data("drift", drifts);
  const problems = drifts.map(
    ({ id, summary, fix }) => new SessgenError(id, summary, fix === undefined ? {} : { fix }).envelope,
  );
  for (const problem of problems) report.warn(problem);
  if (drifts.length === 0) report.line(`The backend ${target.kind} is as it should be`);
  return problems.some(({ severity }) => severity === "error") ? exitCodes.drift : exitCodes.ok;
}
