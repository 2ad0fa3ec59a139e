import type { ResolvedConfig } from "../config/resolved.js";
import type { BackendConfig } from "../config/values.js";
import type { Judged } from "./report/judged.js";

/** A step of a release. */
export interface PlanStep {
  readonly step: "release-first" | "check" | "backfill" | "migrate" | "deploy" | "after-deploy";
  /** `false`: it would find nothing to do. */
  readonly needed: boolean;
  /** What is run; absent where it is the application's own deploy. */
  readonly command?: string;
  /** What it is for, in a sentence or two. */
  readonly what: string;
  /** Variables of the environment that have to be set. */
  readonly env: readonly string[];
  /** What is changed and asks for it: `rule:path`. */
  readonly changes: readonly string[];
}

/** What a plan is made of. */
export interface PlanInput {
  readonly config: ResolvedConfig;
  /** As on the command line. */
  readonly against: string;
  /** The same, where it names the config. */
  readonly configFlag: string | undefined;
  /** The NODE_ENV that is released. */
  readonly environment: string | undefined;
  readonly backend: BackendConfig;
  /** The backend has `sessgen migrate`. */
  readonly isMigrated: boolean;
  /** The backend can be reached by commands. */
  readonly isReached: boolean;
  readonly changes: readonly Judged[];
  /** What is let through, as on the command line. */
  readonly accept: readonly string[];
}

/** Gives the steps of one release, in their order. */
export function planOf(input: PlanInput): readonly PlanStep[] {
  const { config, against, configFlag, environment, backend, isMigrated, isReached, changes } = input;
  const accepting = input.accept.map((rule) => ` --accept ${rule}`).join("");
  const ofConfig = configFlag === undefined ? "" : ` --config ${configFlag}`;
  const sessgen = (command: string): string =>
    `npx sessgen ${command}${ofConfig}${environment === undefined ? "" : ` --environment ${environment}`}`;
  const of = (wanted: (change: Judged) => boolean): string[] =>
    changes.filter(wanted).map(({ rule, path }) => `${rule}:${path}`);
  const taking = (step: Judged["steps"][number]): string[] => of(({ steps }) => steps.includes(step));
  const stored = variablesOf([backend, config.realm, config.encryption]);
  const all = variablesOf([backend, config.realm, config.encryption, cookieOf(config, environment)]);
  const steps: PlanStep[] = [];
  const first = [
    ...taking("two-deploys"),
    ...of((change) => change.class === "breaking" && !change.accepted),
  ];
  if (first.length > 0) {
    steps.push({
      step: "release-first",
      needed: true,
      what: "These are not for one release: each says what goes out before it, or what is lost otherwise.",
      env: [],
      changes: first,
    });
  }
  steps.push({
    step: "check",
    needed: true,
    command: `npx sessgen check${ofConfig} --against ${against}${accepting}`,
    what: "What is committed is what the config asks for, and no change loses anything that is not accepted. Needs the repository, and no backend.",
    env: [],
    changes: [],
  });
  const before = taking("backfill");
  if (before.length > 0) {
    steps.push({
      step: "backfill",
      needed: true,
      command: sessgen("backfill"),
      what: "Rewrites stored sessions to the form that is still read; with the version that runs now.",
      env: stored,
      changes: before,
    });
  }
  if (isMigrated) {
    const index = taking("migrate");
    const moved = of(({ rule }) => rule === "backend-changed" || rule === "backend-moved");
    const tool =
      config.migrations === "plain" ? "" : ` The files are applied by ${config.migrations} before.`;
    steps.push({
      step: "migrate",
      needed: index.length + moved.length > 0,
      command: sessgen("migrate"),
      what: `Makes what the newer version stores in, and enters stored sessions in new indexes; while the older version runs. Needs the account for migrations.${tool}`,
      env: stored,
      changes: [...index, ...moved],
    });
  }
  steps.push({
    step: "deploy",
    needed: true,
    what: "The newer version, until no older one runs any more. What is safe only then waits for that.",
    env: all,
    changes: of(({ class: one }) => one === "once-deployed"),
  });
  if (isMigrated) {
    const after = taking("after-deploy");
    steps.push({
      step: "after-deploy",
      needed: after.length > 0,
      command: sessgen("migrate --after-deploy"),
      what: "Enters what the older version wrote meanwhile in new indexes, and drops what only it used; when it runs nowhere any more.",
      env: stored,
      changes: after,
    });
  }
  if (isReached) {
    const left = of(({ isLeftBehind }) => isLeftBehind);
    steps.push({
      step: "backfill",
      needed: false,
      command: sessgen("backfill"),
      what: "Rewrites stored sessions to the form of today, for those who do not want to wait until they are written anyway.",
      env: stored,
      changes: left,
    });
  }
  return steps;
}

/** Lays a step out for a human. @param number - counted from 1 */
export function planText(step: PlanStep, number: number): string {
  const { command, what, env, changes, needed } = step;
  return [
    `${number}. ${step.step}${needed ? "" : changes.length > 0 ? " (if you like)" : " (finds nothing to do)"}`,
    ...(command === undefined ? [] : [`   ${command}`]),
    `   ${what}`,
    ...(env.length === 0 ? [] : [`   Set: ${env.join(", ")}`]),
    ...(changes.length === 0 ? [] : [`   For: ${changes.join(", ")}`]),
  ].join("\n");
}

function cookieOf({ cookie, cookies }: ResolvedConfig, environment: string | undefined): unknown {
  const names = [environment ?? "production", "default", "production"];
  const name = names.find((one) => cookies !== undefined && Object.hasOwn(cookies, one));
  return name === undefined ? cookie : cookies?.[name];
}

/** The variables that are named in a value, each once. */
function variablesOf(value: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    if ("$env" in part && typeof part.$env === "string") found.add(part.$env);
    else for (const inner of Object.values(part)) visit(inner);
  };
  visit(value);
  return [...found].sort();
}
