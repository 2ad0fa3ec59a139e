import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configNames, loadJson } from "../config/find.js";
import { exitCodes, SessgenError } from "../errors.js";
import type { Io } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen init`. */
export interface InitOptions extends CommonOptions {
  /** Ask nothing. */
  readonly yes?: boolean;
}

/** What the project says about itself. */
interface Project {
  readonly manager: "npm" | "pnpm" | "yarn" | "bun";
  readonly module: boolean;
  readonly express: boolean;
  readonly typescript: boolean;
  readonly packages: ReadonlySet<string>;
  readonly manifest: string | undefined;
  /** The config is in package.json. */
  readonly configured: boolean;
}

/** The backends that a first config offers. */
const choices = {
  sqlite: {
    hint: "a file on this machine",
    code: 'kind: "sqlite", file: ".data/sessions.db"',
    packages: ["libsql"],
  },
  redis: {
    hint: "a server, for several machines",
    code: 'kind: "redis", url: env("REDIS_URL")',
    packages: ["ioredis"],
  },
  file: {
    hint: "a folder, one file per session",
    code: 'kind: "file", directory: ".data/sessions"',
    packages: [],
  },
  memory: { hint: "gone with the process, to try things out", code: 'kind: "memory"', packages: [] },
} as const;

/**
 * Writes a first config, a script in package.json and a line in .gitignore. Asks for the backend on a terminal, otherwise
 * takes SQLite.
 *
 * @throws SessgenError `init/exists` when there is a config, `init/no-package` without a package.json
 */
export async function init(options: InitOptions, io: Io, report: Reporter): Promise<number> {
  const { cwd } = options;
  const project = await look(cwd);
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
  const file = `session.config.${project.typescript ? "ts" : project.module ? "js" : "mjs"}`;
  await writeFile(join(cwd, file), configText(kind, project), { flag: "wx" });
  await addScript(join(cwd, "package.json"), project.manifest);
  const ignored = await ignoreData(cwd, kind);
  report.data("files", [file, "package.json", ...(ignored ? [".gitignore"] : [])]);
  report.data("backend", kind);
  report.line(`Wrote ${file}`);
  for (const step of nextSteps(kind, project)) report.line(step);
  return exitCodes.ok;
}

async function look(cwd: string): Promise<Project> {
  const manifest = await readFile(join(cwd, "package.json"), "utf8").catch(() => undefined);
  const json = Object(
    manifest === undefined ? {} : await loadJson(join(cwd, "package.json"), manifest),
  ) as Readonly<Record<string, unknown>>;
  const packages = new Set(
    ["dependencies", "devDependencies"].flatMap((key) => Object.keys(Object(json[key]))),
  );
  const locks = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
  } as const;
  const named = /^(npm|pnpm|yarn|bun)[@/]/.exec(String(json["packageManager"] ?? ""))?.[1];
  const locked = Object.entries(locks).find(([lock]) => existsSync(join(cwd, lock)))?.[1];
  return {
    manager: (named as Project["manager"] | undefined) ?? locked ?? "npm",
    module: json["type"] === "module",
    express: packages.has("express"),
    typescript: packages.has("typescript") || existsSync(join(cwd, "tsconfig.json")),
    packages,
    manifest,
    configured: json["sessgen"] !== undefined,
  };
}

async function chooseBackend(
  options: InitOptions,
  io: Io,
  report: Reporter,
): Promise<keyof typeof choices | undefined> {
  if (options.yes || report.json || io.stdin.isTTY !== true || io.stdout.isTTY !== true) return "sqlite";
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select({
    message: "Where should sessions be kept?",
    options: Object.entries(choices).map(([value, { hint }]) => ({ value, label: value, hint })),
  });
  return isCancel(answer) ? undefined : (answer as keyof typeof choices);
}

function configText(kind: keyof typeof choices, project: Project): string {
  const imports = kind === "redis" ? "defineConfig, env" : "defineConfig";
  return `import { ${imports} } from "sessgen";
import { z } from "zod";

export default defineConfig({
  // The fields of a session. Add your own, then run sessgen.
  schema: z.object({
    user: z.object({ id: z.string(), name: z.string() }).optional(),
    visits: z.number().int().default(0),
    notice: z.string().optional(),
  }),
  fields: {
    user: { regenerate: "on-change" }, // a new session id at login and logout
    visits: { merge: "counter" }, // two requests at once count twice
    notice: { flash: true }, // shown once
  },
  backend: { ${choices[kind].code} },
  frameworks: [${project.express ? '"express"' : ""}],
});
`;
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

async function ignoreData(cwd: string, kind: keyof typeof choices): Promise<boolean> {
  if (kind !== "sqlite" && kind !== "file") return false;
  const file = join(cwd, ".gitignore");
  const text = await readFile(file, "utf8").catch(() => "");
  if (/^\/?\.data\/?$/m.test(text)) return false;
  await writeFile(file, `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}.data/\n`);
  return true;
}

function nextSteps(kind: keyof typeof choices, { manager, packages }: Project): string[] {
  const missing = ["@sessgen/runtime", "zod", ...choices[kind].packages].filter(
    (name) => !packages.has(name),
  );
  const add = manager === "npm" ? "npm install" : `${manager} add`;
  const addDev =
    manager === "npm" ? "npm install --save-dev" : `${manager} add ${manager === "bun" ? "-d" : "-D"}`;
  const run = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn", bun: "bunx" }[manager];
  return [
    "Next:",
    ...(packages.has("sessgen") ? [] : [`  ${addDev} sessgen`]),
    ...(missing.length === 0 ? [] : [`  ${add} ${missing.join(" ")}`]),
    `  ${run} sessgen`,
    ...(kind === "sqlite" ? [`  ${run} sessgen migrate`] : []),
  ];
}
