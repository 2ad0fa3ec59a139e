import { existsSync } from "node:fs";
import { join } from "node:path";
import { closest } from "../../closest.js";
import { backendOf } from "../../config/catalog.js";
import { configNames } from "../../config/find.js";
import { chooseImports } from "../../config/import-extension.js";
import { exitCodes, SessgenError } from "../../errors.js";
import { newLock } from "../../lock/lock.js";
import { printLock } from "../../lock/text.js";
import { catalog } from "../catalog.js";
import { configText } from "../first/config-text.js";
import { Drafts } from "../first/drafts.js";
import { nextSteps } from "../first/next-steps.js";
import { look, type Project } from "../first/project.js";
import { addScripts } from "../first/scripts.js";
import { addModule, addToolFiles, LOCK } from "../first/tool-files.js";
import { wire } from "../first/wire.js";
import { type Io, isCi } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen init`. */
export interface InitOptions extends CommonOptions {
  /** Ask nothing. */
  readonly yes?: boolean;
  /** The kind of backend; asks for none then. */
  readonly backend?: string;
  /** Frameworks, in place of those that are found. */
  readonly frameworks?: readonly string[];
  /** Say what would be written, and write nothing. */
  readonly dryRun?: boolean;
}

/**
 * Writes a first config for what the project has: its framework, its client, its tools. Ties the
 * glue to the framework where nothing that the user wrote has to be touched for it, and says which
 * lines are left; adds scripts, and what git and formatters have to know. Asks for the backend on a
 * terminal, unless it is named.
 *
 * @throws SessgenError `init/exists` when there is a config, `init/no-package` without a
 *   package.json, `cli/usage` for an unknown backend or framework
 */
export async function init(options: InitOptions, io: Io, report: Reporter): Promise<number> {
  const { cwd, dryRun = false } = options;
  const named = options.frameworks?.map((name) => descriptorOf("framework", name, catalog.frameworks));
  const project = await look(cwd, catalog, named?.length === 0 ? undefined : named);
  refuse(cwd, project);
  const kind = await chooseBackend(options, project, io, report);
  if (kind === undefined) return exitCodes.usage;
  const backend = backendOf(catalog, kind);
  const language = project.typescript ? "typescript" : "javascript";
  // Bundlers find files without an ending, whatever the tsconfig is going to say.
  const isPrepared = project.frameworks.every(({ prepares }) => !prepares || project.has(prepares.makes));
  const { warnings, importExtension } = isPrepared
    ? await chooseImports(
        { root: cwd, output: project.output, language },
        { files: new Set(), env: new Set() },
      )
    : { warnings: [], importExtension: "" as const };
  const drafts = new Drafts(cwd);
  const file = `session.config.${project.typescript ? "ts" : project.module ? "js" : "mjs"}`;
  drafts.create(file, configText(backend, project));
  // Nobody would commit what a build server makes.
  const begins = !isCi(io.env) && !existsSync(join(cwd, LOCK));
  if (begins) drafts.create(LOCK, printLock(newLock()));
  const wired = wire(project, drafts, importExtension);
  addScripts(project, drafts, wired.entry);
  addModule(backend, project, drafts);
  addToolFiles(backend, project, drafts);
  if (!dryRun) await drafts.write();
  tell({ drafts, project, kind, dryRun }, report);
  if (begins && !dryRun) report.line(`${LOCK} says whose sessions these are: commit it`);
  else if (isCi(io.env))
    report.line(
      `This is a build server (CI is set): no application id was made. Run sessgen locally, and commit ${LOCK}`,
    );
  const steps = nextSteps(backend, project, wired);
  report.data(
    "next",
    steps.slice(1).map((step) => step.slice(2)),
  );
  for (const step of steps) report.line(step);
  for (const warning of warnings) report.warn(warning);
  return exitCodes.ok;
}

function refuse(cwd: string, { configured, manifest }: Project): void {
  const existing =
    configNames.find((name) => existsSync(join(cwd, name))) ??
    (configured ? "package.json#sessgen" : undefined);
  if (existing !== undefined) {
    throw new SessgenError("init/exists", `There is a ${existing} already`, {
      where: { file: join(cwd, existing) },
    });
  }
  if (manifest === undefined) {
    throw new SessgenError("init/no-package", "There is no package.json here", {
      where: { file: join(cwd, "package.json") },
    });
  }
}

/** Names what was found, and every file that is touched. */
function tell(
  { drafts, project, kind, dryRun }: { drafts: Drafts; project: Project; kind: string; dryRun: boolean },
  report: Reporter,
): void {
  const frameworks = project.frameworks.map(({ name }) => name);
  report.data(
    "files",
    drafts.all.map(({ path }) => path),
  );
  report.data("backend", kind);
  report.data("frameworks", frameworks);
  report.data("packageManager", project.manager.name);
  report.line(
    `Framework: ${frameworks.join(", ") || "none that was found (--framework names one)"}; sessions: ${kind}; packages: ${project.manager.name}`,
  );
  for (const { path, added } of drafts.all) {
    const done = added === undefined ? "write" : "add to";
    const words = { write: "Wrote", "add to": "Added to" } as const;
    report.line(
      `${dryRun ? `Would ${done}` : words[done]} ${path}${added === undefined ? "" : `: ${added}`}`,
    );
  }
}

function descriptorOf<Descriptor>(
  what: string,
  name: string,
  known: ReadonlyMap<string, Descriptor>,
): Descriptor {
  const found = known.get(name);
  if (found !== undefined) return found;
  const near = closest(name, [...known.keys()]);
  const hint = near === undefined ? `; there are ${[...known.keys()].join(", ")}` : `; did you mean ${near}?`;
  throw new SessgenError("cli/usage", `There is no ${what} ${name}${hint}`);
}

async function chooseBackend(
  options: InitOptions,
  project: Project,
  io: Io,
  report: Reporter,
): Promise<string | undefined> {
  const { backends } = catalog;
  if (options.backend !== undefined) return descriptorOf("backend", options.backend, backends).kind;
  const [found = [...backends.values()].find(({ first }) => first.preselected)] = project.backends;
  const asks = io.stdin.isTTY === true && io.stdout.isTTY === true && !isCi(io.env);
  if (options.yes || options.dryRun || report.json || !asks) return found?.kind;
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select({
    message: "Where should sessions be kept?",
    options: [...backends.values()].map(({ kind, first }) => ({
      value: kind,
      label: kind,
      hint: first.hint,
    })),
    ...(found !== undefined && { initialValue: found.kind }),
  });
  return isCancel(answer) ? undefined : answer;
}
