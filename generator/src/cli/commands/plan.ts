import { planOf, planText } from "../../changes/plan.js";
import { changeJson } from "../../changes/report/json.js";
import { lineOf } from "../../changes/report/words.js";
import { backendOf } from "../../config/catalog.js";
import { exitCodes, SessgenError } from "../../errors.js";
import { prepare } from "../../output/prepare.js";
import { catalog } from "../catalog.js";
import { changesAgainst, isMigrated } from "../changes.js";
import type { Io } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen plan`. */
export interface PlanOptions extends CommonOptions {
  /** The version that is deployed. */
  readonly against: string;
  /** Changes that are let through. */
  readonly accept: readonly string[];
  /** The NODE_ENV that is released. */
  readonly environment?: string;
}

/** Prints the steps of one release, in their order, and what each needs. Never writes. */
export async function plan(options: PlanOptions, _io: Io, report: Reporter): Promise<number> {
  const { against, environment, accept } = options;
  const prepared = await prepare(options, catalog);
  for (const warning of prepared.warnings) report.warn(warning);
  const { config } = prepared.loaded;
  const { before, changes, behind } = await changesAgainst(options, prepared);
  if (behind !== undefined) throw behind;
  const backend = chosen(config.backends, environment);
  const { outOfReach } = backendOf(catalog, backend.kind);
  const steps = planOf({
    config,
    against,
    configFlag: options.config,
    environment,
    backend,
    isMigrated: isMigrated(backend.kind),
    isReached: outOfReach !== true,
    changes,
    accept,
  });
  report.data("against", before.name);
  report.data("changes", changes.map(changeJson));
  report.data("steps", steps);
  report.line(`From ${before.name}:`);
  for (const change of changes) report.line(`   ${lineOf(change)}`);
  if (changes.length === 0) report.line("   Nothing that matters to stored sessions has changed");
  for (const [index, step] of steps.entries()) report.line(planText(step, index + 1));
  return exitCodes.ok;
}

/** As the emitted code chooses; without an environment, what is for production. */
function chosen<T>(backends: Readonly<Record<string, T>>, environment: string | undefined): T {
  if (environment !== undefined && Object.hasOwn(backends, environment)) return backends[environment] as T;
  const name = ["default", "production"].find((one) => Object.hasOwn(backends, one));
  const found = name === undefined ? Object.values(backends)[0] : backends[name];
  if (found === undefined) throw new SessgenError("internal/bug", "There is no backend");
  return found;
}
