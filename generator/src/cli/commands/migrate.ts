import { exitCodes, SessgenError } from "../../errors.js";
import {
  noteFilled,
  type Standing,
  standingDrifts,
  standingsOf,
  withdrawOthers,
} from "../../live/index-notes.js";
import type { Live, MigrateRequest, Target } from "../../live/live.js";
import { type BackendTarget, loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import { confirmed } from "../confirm.js";
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
  /** Do not ask, on a terminal, before a migration is undone. */
  readonly yes: boolean;
}

/** Brings the backend to what was emitted. */
export async function migrate(options: MigrateCommandOptions, io: Io, report: Reporter): Promise<number> {
  const { direction, dryRun, afterDeploy, share } = options;
  const target = await loadTarget(options, io, report, catalog);
  const live = await target.backend.live?.();
  if (live === undefined) return withoutLive(target, options, report);
  if (direction === "down" && !dryRun && !(await mayUndo(live, target, options, io, report))) {
    report.data("migrations", []);
    report.line("Nothing was undone");
    return exitCodes.usage;
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
  if (steps.length === 0) report.line(nothing(target, direction));
  if ((direction === "up" || direction === "baseline") && !dryRun) {
    await withdrawOthers(target);
    await enter(target, report);
  }
  if (direction === "status") tellStandings(await standingsOf(target, live), report, live);
  return exitCodes.ok;
}

/** Asks a human: undoing the first migration drops the table, and with it every session. */
async function mayUndo(
  live: Live,
  target: Target,
  { afterDeploy, share, yes }: MigrateCommandOptions,
  io: Io,
  report: Reporter,
): Promise<boolean> {
  const look = { direction: "down", dryRun: true, afterDeploy, share, progress: () => {} } as const;
  const [last] = await live.migrate(target, look);
  if (last === undefined) return true;
  return confirmed(`Undo ${last.name}, and lose what only it has room for?`, yes, io, report);
}

/**
 * Says that nothing is to be done; of migrations that another tool applies, there is no account
 * here.
 */
function nothing({ config, backend }: BackendTarget, direction: MigrateRequest["direction"]): string {
  if (direction === "down") return "Nothing to undo";
  if (backend.dialect === undefined || config.migrations === "plain") return "Nothing is pending";
  return `Nothing is to be filled in; whether ${config.migrations} has applied all, \`sessgen verify\` says`;
}

/**
 * Where index values cannot be filled in, an index is final as soon as the user says so: when all
 * sessions have ended that were stored before it.
 */
async function withoutLive(
  target: BackendTarget,
  { direction, dryRun }: MigrateCommandOptions,
  report: Reporter,
): Promise<number> {
  report.data("migrations", []);
  report.line(`The backend ${target.kind} needs no migrations`);
  if (dryRun || target.backend.outOfReach) return exitCodes.ok;
  if (direction === "baseline") await noteFilled(target, target.indexes, { afterDeploy: true });
  if (direction === "up" || direction === "baseline") {
    await withdrawOthers(target);
    await enter(target, report);
  }
  if (target.backend.noIndex === undefined) tellStandings(await standingsOf(target, undefined), report);
  return exitCodes.ok;
}

function tellStandings(standings: readonly Standing[], report: Reporter, live?: Live): void {
  report.data(
    "indexes",
    standings.map(({ index: { path, name }, state }) => ({ path, name, state })),
  );
  // Where index values can be filled in, an index that is open was told already, as a pending step.
  const told = live ? standings.filter(({ state }) => state === "filled") : standings;
  for (const { summary } of standingDrifts(told, live)) report.line(summary);
}

/** What there is to be told of others in the store is no reason for a migration to fail. */
async function enter(target: Target, report: Reporter): Promise<void> {
  for (const { id, summary, fix } of await tellNeighbours(target, report))
    report.warn(new SessgenError(id, summary, fix === undefined ? {} : { fix }).envelope);
}
