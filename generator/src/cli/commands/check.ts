import { dirname } from "node:path";
import { annotation } from "../../changes/report/github.js";
import { changeJson } from "../../changes/report/json.js";
import { type Judged, stops } from "../../changes/report/judged.js";
import { changeText } from "../../changes/report/text.js";
import { exitCodes, SessgenError, SessgenErrors } from "../../errors.js";
import { topOf } from "../../lock/git.js";
import { type Change, isReformatted } from "../../output/compare.js";
import { type Prepared, prepare } from "../../output/prepare.js";
import { catalog } from "../catalog.js";
import { changesAgainst } from "../changes.js";
import type { Io } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen check`. */
export interface CheckOptions extends CommonOptions {
  /** The version to compare with; absent: none. */
  readonly against?: string;
  /** Changes that are let through. */
  readonly accept?: readonly string[];
  readonly format?: "text" | "github";
}

/**
 * Fails when what is emitted is not what the config asks for, or when a change since an earlier
 * version takes a step or loses something. For CI; never writes.
 */
export async function check(options: CheckOptions, _io: Io, report: Reporter): Promise<number> {
  const prepared = await prepare({ ...options, looksForDeployed: true }, catalog);
  for (const warning of [...prepared.warnings, ...prepared.merge.warnings]) report.warn(warning);
  const errors = [...(await changesIn(options, prepared, report)), ...outOfDate(prepared, report)];
  if (errors.length > 0) throw new SessgenErrors(errors);
  if (options.format !== "github") report.line(`Up to date: ${prepared.changes.length} files`);
  return exitCodes.ok;
}

/** What has changed since the version that the options name. */
async function changesIn(
  { cwd, against, accept = [], format = "text" }: CheckOptions,
  prepared: Prepared,
  report: Reporter,
): Promise<readonly SessgenError[]> {
  if (against === undefined) {
    if (accept.length === 0) return [];
    throw new SessgenError("cli/usage", "--accept is for --against, which is missing");
  }
  const { before, changes, behind } = await changesAgainst({ cwd, against, accept }, prepared);
  report.data("against", before.name);
  report.data("changes", changes.map(changeJson));
  const { file } = prepared.loaded.config;
  const top = format === "github" ? ((await topOf(dirname(file))) ?? cwd) : cwd;
  for (const change of changes)
    report.line(format === "github" ? annotation(change, top) : `${changeText(change, cwd)}\n`);
  if (format !== "github") report.line(summary(changes, before.name));
  const behindOnly = behind === undefined ? [] : [behind];
  const stopping = changes.filter(stops);
  if (stopping.length === 0) return behindOnly;
  const rules = [...new Set(stopping.map(({ rule }) => rule))].join(", ");
  const what = stopping.length === 1 ? "A change" : `${stopping.length} changes`;
  return [
    ...behindOnly,
    new SessgenError(
      "changes/found",
      `${what} since ${before.name} lose${stopping.length === 1 ? "s" : ""} something, or take${stopping.length === 1 ? "s" : ""} a step: ${rules}`,
      {
        where: { file },
      },
    ),
  ];
}

function summary(changes: readonly Judged[], name: string): string {
  if (changes.length === 0) return `Nothing that matters to stored sessions has changed since ${name}`;
  return `${changes.length} ${changes.length === 1 ? "change" : "changes"} since ${name}`;
}

const states: Partial<Readonly<Record<Change["action"], string>>> = {
  create: "is missing",
  remove: "is no longer emitted",
  edited: "was changed by hand",
};

function stateOf(change: Change): string {
  const { action } = change;
  if (action === "update" && isReformatted(change))
    return "has what it should, laid out anew: let the formatter ignore it";
  return states[action] ?? "is out of date";
}

/** What is emitted and is not what the config asks for. */
function outOfDate({ changes }: Prepared, report: Reporter): readonly SessgenError[] {
  report.data(
    "files",
    changes.map(({ path, action }) => ({ path, action })),
  );
  return changes
    .filter(({ action }) => action !== "unchanged" && action !== "stale")
    .map(
      (change) =>
        new SessgenError("check/out-of-date", `${change.path} ${stateOf(change)}`, {
          where: { file: change.path },
        }),
    );
}
