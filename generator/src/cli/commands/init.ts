import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Backend } from "../../backends/backend.js";
import { closest } from "../../closest.js";
import { backendOf } from "../../config/catalog.js";
import { configNames } from "../../config/find.js";
import { chooseImports } from "../../config/import-extension.js";
import { exitCodes, SessgenError } from "../../errors.js";
import { newLock } from "../../lock/lock.js";
import { printLock } from "../../lock/text.js";
import { catalog } from "../catalog.js";
import { configText } from "../first/config-text.js";
import { nextSteps } from "../first/next-steps.js";
import { look } from "../first/project.js";
import { type Io, isCi } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen init`. */
export interface InitOptions extends CommonOptions {
  /** Ask nothing. */
  readonly yes?: boolean;
  /** The kind of backend; asks for none then. */
  readonly backend?: string;
}

const { backends } = catalog;

/** Where a first config has its lock. */
const LOCK = "sessgen.lock.json";

/**
 * Writes a first config, a lock with the application's id, a script in package.json and a line in
 * .gitignore. Asks for the backend on a terminal, unless it is named; otherwise takes SQLite.
 *
 * @throws SessgenError `init/exists` when there is a config, `init/no-package` without a
 *   package.json, `cli/usage` for an unknown backend
 */
export async function init(options: InitOptions, io: Io, report: Reporter): Promise<number> {
  const { cwd } = options;
  const project = await look(cwd, catalog);
  const existing =
    configNames.find((name) => existsSync(join(cwd, name))) ??
    (project.configured ? "package.json#sessgen" : undefined);
  if (existing !== undefined) {
    throw new SessgenError("init/exists", `There is a ${existing} already`, {
      where: { file: join(cwd, existing) },
    });
  }
  if (project.manifest === undefined) {
    throw new SessgenError("init/no-package", "There is no package.json here", {
      where: { file: join(cwd, "package.json") },
    });
  }
  const kind = await chooseBackend(options, io, report);
  if (kind === undefined) return exitCodes.usage;
  const language = project.typescript ? "typescript" : "javascript";
  const { warnings } = await chooseImports(
    { root: cwd, output: project.output ?? "src/session", language },
    { files: new Set(), env: new Set() },
  );
  const backend = backendOf(catalog, kind);
  const file = `session.config.${project.typescript ? "ts" : project.module ? "js" : "mjs"}`;
  await writeFile(join(cwd, file), configText(backend, project), { flag: "wx" });
  await addScript(join(cwd, "package.json"), project.manifest);
  const begun = await begin(cwd, io);
  const ignored = await ignoreData(cwd, backend);
  report.data("files", [file, "package.json", ...(begun ? [LOCK] : []), ...(ignored ? [".gitignore"] : [])]);
  report.data("backend", kind);
  report.line(`Wrote ${file}`);
  if (begun) report.line(`Wrote ${LOCK}, which says whose sessions these are: commit it`);
  else if (isCi(io.env))
    report.line(
      `This is a build server (CI is set): no application id was made. Run sessgen locally, and commit ${LOCK}`,
    );
  for (const step of nextSteps(backend, project)) report.line(step);
  for (const warning of warnings) report.warn(warning);
  return exitCodes.ok;
}

async function chooseBackend(options: InitOptions, io: Io, report: Reporter): Promise<string | undefined> {
  const named = options.backend;
  if (named !== undefined) {
    if (backends.has(named)) return named;
    const near = closest(named, [...backends.keys()]);
    const hint =
      near === undefined ? `; there are ${[...backends.keys()].join(", ")}` : `; did you mean ${near}?`;
    throw new SessgenError("cli/usage", `There is no backend ${named}${hint}`);
  }
  const preselected = [...backends.values()].find(({ first }) => first.preselected)?.kind;
  if (options.yes || report.json || io.stdin.isTTY !== true || io.stdout.isTTY !== true) return preselected;
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select({
    message: "Where should sessions be kept?",
    options: [...backends.values()].map(({ kind, first }) => ({
      value: kind,
      label: kind,
      hint: first.hint,
    })),
    ...(preselected !== undefined && { initialValue: preselected }),
  });
  return isCancel(answer) ? undefined : answer;
}

/**
 * Makes the application's id, unless there is one, or this is a build server, where nobody would
 * commit it.
 */
async function begin(cwd: string, io: Io): Promise<boolean> {
  if (isCi(io.env) || existsSync(join(cwd, LOCK))) return false;
  await writeFile(join(cwd, LOCK), printLock(newLock()), { flag: "wx" });
  return true;
}

/** Adds the script without touching anything else in the file. */
async function addScript(file: string, manifest: string): Promise<void> {
  const { applyEdits, modify, parse } = await import("jsonc-parser");
  if (parse(manifest)?.scripts?.sessgen !== undefined) return;
  const indent = /^[ \t]+/m.exec(manifest)?.[0] ?? "  ";
  const formattingOptions = { insertSpaces: !indent.includes("\t"), tabSize: indent.length, eol: "\n" };
  const edits = modify(manifest, ["scripts", "sessgen"], "sessgen", { formattingOptions });
  await writeFile(file, applyEdits(manifest, edits));
}

async function ignoreData(cwd: string, { first }: Backend): Promise<boolean> {
  if (!first.code.includes('".data/')) return false;
  const file = join(cwd, ".gitignore");
  const text = await readFile(file, "utf8").catch(() => "");
  if (/^\/?\.data\/?$/m.test(text)) return false;
  await writeFile(file, `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}.data/\n`);
  return true;
}
