import { changeJson } from "../../changes/report/json.js";
import { lineOf } from "../../changes/report/words.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import { envelopeOf, exitCodes } from "../../errors.js";
import type { Watching } from "../../lock/update.js";
import { type Prepared, prepare } from "../../output/prepare.js";
import { writeChanges } from "../../output/write.js";
import { catalog } from "../catalog.js";
import { changesMade } from "../changes.js";
import { type Io, isCi } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen generate`. */
export interface GenerateOptions extends CommonOptions {
  /** Overwrite files that were edited by hand or are not ours. */
  readonly force?: boolean;
  /** Show what would change as a diff, and change nothing. */
  readonly dryRun?: boolean;
  /** Entries of the lock that get a fresh slot. */
  readonly renumber?: readonly string[];
  /** The branch, tag or commit that is deployed: where git left a conflict, its lock goes on. */
  readonly deployed?: string;
  /** `false` with `--no-cache`: neither use nor write the fingerprint. */
  readonly cache?: boolean;
  /**
   * `--new-application`: make an application id where there is no lock, though nobody sits at a
   * terminal. Never under CI.
   */
  readonly newApplication?: boolean;
  readonly watching?: Watching;
}

/**
 * Emits everything the config asks for. Prints what was done; gives back the files it depended on,
 * for `--watch`.
 */
export async function generate(options: GenerateOptions, io: Io, report: Reporter): Promise<number> {
  await generateOnce(options, io, report);
  return exitCodes.ok;
}

/** Runs once; gives back what it read. */
export async function generateOnce(
  options: GenerateOptions,
  io: Io,
  report: Reporter,
): Promise<readonly string[]> {
  const began = Date.now();
  const prepared = await prepare({ ...options, mayBegin: mayBegin(options, io) }, catalog);
  await writePlanned(prepared, options, report);
  if (!options.dryRun && options.cache !== false && (options.renumber ?? []).length === 0) {
    const { saveFingerprint } = await import("../../output/fingerprint.js");
    await saveFingerprint(options, prepared, began);
  }
  return prepared.loaded.inputs;
}

/** Writes what is planned, or shows it, and says what was done. */
export async function writePlanned(
  prepared: Prepared,
  options: Pick<GenerateOptions, "cwd" | "dryRun" | "force">,
  report: Reporter,
): Promise<void> {
  const { changes, artifacts, manifest } = prepared;
  const { config } = prepared.loaded;
  for (const warning of [...prepared.warnings, ...prepared.merge.warnings]) report.warn(warning);
  for (const line of prepared.merge.lines) report.line(line);
  for (const { path, action } of changes) {
    if (action === "stale") {
      report.warn(
        envelopeOf("write/stale", `${path} is no longer emitted, but was changed by hand`, {
          where: { file: path },
        }),
      );
    }
  }
  report.data(
    "files",
    changes.map(({ path, action }) => ({ path, action })),
  );
  await tellChanges(prepared, options.cwd, report);
  if (options.dryRun) {
    await printDiff(prepared.changes, report);
    return;
  }
  const unowned = new Set(artifacts.filter(({ kind }) => kind !== "owned").map(({ path }) => path));
  await writeChanges(changes, {
    root: config.root,
    output: config.output,
    manifest,
    unowned,
    ...(options.force === undefined ? {} : { force: options.force }),
  });
  report.line(summary(changes, config));
  if (prepared.isNewApplication)
    report.line(
      `Made a new application id in ${config.lock}: commit it, for without it everybody is logged out`,
    );
}

/**
 * Says what the change means to stored sessions, a line for each; when the lock is written, and not
 * with every run until it is committed.
 */
async function tellChanges(prepared: Prepared, cwd: string, report: Reporter): Promise<void> {
  const { changes, isNewApplication, loaded } = prepared;
  const { action } = changes.find(({ path }) => path === loaded.config.lock) ?? {};
  if (isNewApplication || action === "unchanged") return;
  const { changes: made, warning } = await changesMade(prepared, cwd);
  if (warning !== undefined) report.warn(warning);
  report.data(
    "changes",
    made.map((change) => changeJson(change)),
  );
  for (const change of made) report.line(lineOf(change));
}

/**
 * A lock that nobody is going to commit is worse than none: the next build would make another one.
 */
function mayBegin({ newApplication, dryRun }: GenerateOptions, io: Io): boolean {
  const atTerminal = io.stdin.isTTY === true || io.stdout.isTTY === true;
  return !dryRun && !isCi(io.env) && (newApplication === true || atTerminal);
}

/** `3 files written (2 in src/session, sessgen.lock.json), 1 removed, 8 unchanged`. */
function summary(
  changes: readonly { readonly path: string; readonly action: string }[],
  { output, infrastructure }: Pick<ResolvedConfig, "output" | "infrastructure">,
): string {
  const of = (...actions: string[]): readonly string[] =>
    changes.filter(({ action }) => actions.includes(action)).map(({ path }) => path);
  const written = of("create", "update", "edited", "foreign");
  const removed = of("remove").length;
  const unchanged = of("unchanged").length;
  if (written.length + removed === 0) return `Up to date: ${unchanged} files`;
  const folders = [output, infrastructure].map((folder) => ({
    folder,
    count: written.filter((path) => path.startsWith(`${folder}/`)).length,
  }));
  const places = [
    ...folders.flatMap(({ folder, count }) => (count === 0 ? [] : [`${count} in ${folder}`])),
    ...written.filter((path) => !folders.some(({ folder }) => path.startsWith(`${folder}/`))),
  ];
  return [
    `${written.length} ${written.length === 1 ? "file" : "files"} written${written.length === 0 ? "" : ` (${places.join(", ")})`}`,
    ...(removed === 0 ? [] : [`${removed} removed`]),
    ...(unchanged === 0 ? [] : [`${unchanged} unchanged`]),
  ].join(", ");
}

async function printDiff(
  changes: readonly {
    readonly path: string;
    readonly action: string;
    readonly before?: string;
    readonly after?: string;
  }[],
  report: Reporter,
): Promise<void> {
  const { createTwoFilesPatch } = await import("diff");
  const differing = changes.filter(({ action }) => action !== "unchanged" && action !== "stale");
  for (const { path, action, before = "", after = "" } of differing) {
    const [from, to] = [
      action === "create" ? "/dev/null" : `a/${path}`,
      action === "remove" ? "/dev/null" : `b/${path}`,
    ];
    report.line(
      createTwoFilesPatch(from, to, before, after, undefined, undefined, { context: 3 })
        .replace(/^=+\n/, "")
        .trimEnd(),
    );
  }
  report.line(`${differing.length} ${differing.length === 1 ? "file" : "files"} would change`);
}
