import { exitCodes, SessgenError } from "../../errors.js";
import type { MigrateRequest, Target } from "../../live/live.js";
import { loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import { tellNeighbours } from "../neighbours.js";
import type { Reporter } from "../report.js";

/** Options of `sessgen migrate`. */
export interface MigrateCommandOptions extends TargetOptions {
  readonly direction: MigrateRequest["direction"];
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** No older deploy runs any more. */
  readonly afterDeploy: boolean;
  /** What part of the time filling in may take. */
  readonly share: number;
}

/** Brings the backend to what was emitted. */
export async function migrate(options: MigrateCommandOptions, io: Io, report: Reporter): Promise<number> {
  const { direction, dryRun, afterDeploy, share } = options;
  const target = await loadTarget(options, io, report, catalog);
  const live = await target.backend.live?.();
  if (live === undefined) {
    report.data("migrations", []);
    report.line(`The backend ${target.kind} needs no migrations`);
    if (direction === "up" && !dryRun) await enter(target, report);
    return exitCodes.ok;
  }
  const steps = await live.migrate(target, {
    direction,
    dryRun,
    afterDeploy,
    share,
    progress: (line) => report.line(line),
  });
  report.data("migrations", steps);
  const would = dryRun && direction !== "status" ? "Would be " : "";
  for (const { name, state } of steps) report.line(`${would}${state}: ${name}`);
  if (steps.length === 0) report.line(direction === "down" ? "Nothing to undo" : "Nothing is pending");
  if ((direction === "up" || direction === "baseline") && !dryRun) await enter(target, report);
  return exitCodes.ok;
}

/** What there is to be told of others in the store is no reason for a migration to fail. */
async function enter(target: Target, report: Reporter): Promise<void> {
  for (const { id, summary, fix } of await tellNeighbours(target, report))
    report.warn(new SessgenError(id, summary, fix === undefined ? {} : { fix }).envelope);
}
