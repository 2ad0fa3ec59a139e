import { backendOf } from "../../config/catalog.js";
import { loadConfig } from "../../config/load.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import {
  type Envelope,
  envelopeOf,
  exitCodes,
  type GeneratorErrorCode,
  generatorErrors,
} from "../../errors.js";
import { chooseBackend, loadTarget, type TargetOptions } from "../../live/target.js";
import { prepare } from "../../output/prepare.js";
import { catalog } from "../catalog.js";
import { lookAtBackend } from "../doctor/backend.js";
import { lookAtCookie } from "../doctor/cookie.js";
import { lookAtDriver, lookAtEnvironment } from "../doctor/environment.js";
import { type Outcome, outcomeOf, skipped } from "../doctor/outcome.js";
import { lookAtRuntime, lookAtTsconfig } from "../doctor/project.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";

/** Options of `sessgen doctor`. */
export interface DoctorOptions extends TargetOptions {
  /** The address of the running application. */
  readonly url?: string;
}

/** What is looked at, in the order in which one thing needs the other. */
type Check =
  | "node"
  | "config"
  | "runtime"
  | "tsconfig"
  | "emitted"
  | "driver"
  | "environment"
  | "backend"
  | "clock"
  | "cookie";

/**
 * Looks at everything between the config and the first cookie, and says what to do. Writes
 * nothing. What cannot be looked at, since something before it is wrong, is said to be so.
 */
export async function doctor(options: DoctorOptions, io: Io, report: Reporter): Promise<number> {
  const checks: { check: Check; state: string; summary: string; codes: readonly string[] }[] = [];
  const tell = (check: Check, outcome: Outcome): boolean => {
    const problems = outcome.problems ?? [];
    const fails = problems.some(({ severity }) => severity === "error");
    const state = fails ? "error" : problems.length > 0 ? "warning" : outcome.skipped ? "skipped" : "ok";
    checks.push({ check, state, summary: outcome.summary, codes: problems.map(({ code }) => code) });
    if (problems.length === 0) report.line(`${outcome.skipped ? "- " : "ok"}  ${check}: ${outcome.summary}`);
    for (const problem of problems) report.warn(problem);
    return !fails;
  };
  tell("node", { summary: `Node ${process.versions.node}` });
  let config: ResolvedConfig | undefined;
  let warned: readonly Envelope[] = [];
  tell(
    "config",
    await outcomeOf(async () => {
      const loaded = await loadConfig(options, catalog);
      config = loaded.config;
      warned = loaded.warnings;
      return { summary: config.file, problems: warned };
    }),
  );
  if (config === undefined) return end(checks, report);
  const known = config;
  tell("runtime", await outcomeOf(() => lookAtRuntime(known)));
  tell("tsconfig", await outcomeOf(() => lookAtTsconfig(known)));
  tell("emitted", await outcomeOf(() => lookAtEmitted(options, warned)));
  await lookAtRunning(known, options, io, tell);
  return end(checks, report);
}

async function lookAtEmitted(options: DoctorOptions, warned: readonly Envelope[]): Promise<Outcome> {
  const { changes, warnings } = await prepare(options, catalog);
  const stale = changes.filter(({ action }) => action !== "unchanged" && action !== "stale");
  const [first] = stale;
  const said = new Set(warned.map(({ summary }) => summary));
  const problems = warnings.filter(({ summary }) => !said.has(summary));
  if (first === undefined) return { summary: `${changes.length} files are up to date`, problems };
  const others = stale.length === 1 ? "" : `, and ${stale.length - 1} more`;
  const outOfDate = envelopeOf("check/out-of-date", `${first.path} is missing or out of date${others}`, {
    where: { file: first.path },
  });
  return { summary: outOfDate.summary, problems: [...problems, outOfDate] };
}

/** What there is only in one environment: its backend, and the application itself. */
async function lookAtRunning(
  config: ResolvedConfig,
  options: DoctorOptions,
  io: Io,
  tell: (check: Check, outcome: Outcome) => boolean,
): Promise<void> {
  let chosen: ReturnType<typeof chooseBackend> | undefined;
  const choice = await outcomeOf(async () => {
    chosen = chooseBackend(config, options.environment, io);
    return { summary: chosen[0] };
  });
  if (chosen === undefined) {
    tell("environment", choice);
    return;
  }
  const [name, backendConfig] = chosen;
  const backend = backendOf(catalog, backendConfig.kind);
  const hasDriver = tell("driver", await outcomeOf(() => lookAtDriver(config, backend, backendConfig)));
  const environment = await outcomeOf(() => lookAtEnvironment(config, name, backendConfig, io));
  const hasVariables = tell("environment", environment);
  if (hasDriver && hasVariables) {
    // Its warnings were told with the config.
    const silent: Reporter = { json: true, line() {}, warn() {}, data() {} };
    let clock = skipped("Nobody answers");
    tell(
      "backend",
      await outcomeOf(async () => {
        const found = await lookAtBackend(await loadTarget(options, io, silent, catalog));
        clock = found.clock;
        return found.backend;
      }),
    );
    tell("clock", clock);
  } else {
    tell("backend", skipped("It cannot be reached without its driver and variables"));
  }
  tell("cookie", await outcomeOf(() => lookAtCookie(config, backend, options.url)));
}

function end(
  checks: readonly { readonly state: string; readonly codes: readonly string[] }[],
  report: Reporter,
): number {
  report.data("checks", checks);
  const codes = checks
    .flatMap(({ codes }) => codes)
    .map((code) => generatorErrors[code as GeneratorErrorCode]);
  const errors = codes.filter(({ severity }) => severity === "error");
  const count = (state: string): number => checks.filter((check) => check.state === state).length;
  report.line(
    `${count("ok")} well, ${count("warning")} to look at, ${count("error")} to mend, ${count("skipped")} not looked at`,
  );
  return Math.max(exitCodes.ok, ...errors.map(({ exit }) => exitCodes[exit]));
}
