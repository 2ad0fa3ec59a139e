import { resolve } from "node:path";
import { type Command, CommanderError } from "commander";
import { closest } from "../closest.js";
import { exitCodes, SessgenError } from "../errors.js";
import { shieldIds } from "../live/session-id.js";
import type { Run } from "./command.js";
import { programOf } from "./commands.js";
import type { Flags } from "./flags.js";
import type { Io } from "./io.js";
import { CliReporter } from "./reporter.js";

/**
 * Runs the command line: parses it, runs a command, reports what went wrong.
 *
 * @param argv - without the names of Node and the script
 * @returns the exit code: see `docs/errors.md`
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.ok;
  const program = programOf(io, async (flags, run) => {
    const report = new CliReporter(io, flags);
    const cwd = resolve(io.cwd, flags.cwd ?? ".");
    try {
      code = await runAll(cwd, flags, run, report);
    } catch (error) {
      code = report.fail(error);
    }
    report.end(code);
  });
  try {
    await program.parseAsync(shieldIds(argv), { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const report = new CliReporter(io, { json: argv.includes("--json") });
    const usage = error instanceof CommanderError;
    code = report.fail(
      usage ? new SessgenError("cli/usage", usageText(error, argv, namesOf(program))) : error,
    );
    report.end(code);
  }
  return code;
}

/** Runs the command for each config, when there are several kinds of sessions. */
async function runAll(cwd: string, flags: Flags, run: Run, report: CliReporter): Promise<number> {
  const configs = flags.config ?? [];
  if (configs.length < 2) {
    const [config] = configs;
    return run({ cwd, ...(config === undefined ? {} : { config }) }, flags, report);
  }
  if (!["generate", "check"].includes(String(flags["command"])))
    throw new SessgenError("cli/usage", "Only generate and check take more than one --config");
  const { refuseCollisions } = await import("../config/collisions.js");
  const { catalog } = await import("./catalog.js");
  await refuseCollisions(cwd, configs, catalog);
  // It does not end, so it has all of them at once.
  if (flags["watch"] === true) return run({ cwd, configs }, flags, report);
  let code: number = exitCodes.ok;
  for (const config of configs) {
    try {
      code = Math.max(code, await run({ cwd, config }, flags, report));
    } catch (error) {
      // What one check finds says nothing of the others.
      if (flags["command"] !== "check") throw error;
      code = Math.max(code, report.fail(error));
    }
  }
  return code;
}

function namesOf(program: Command): readonly string[] {
  return program.commands.map((command) => command.name());
}

function usageText(error: CommanderError, argv: readonly string[], commands: readonly string[]): string {
  const [message = "", hint] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(hint ?? "")?.[1];
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`;
  const [word = ""] = argv;
  // The default command takes an unknown one for an argument too many.
  if (error.code !== "commander.excessArguments" || word.startsWith("-") || commands.includes(word))
    return text;
  const near = closest(word, commands);
  return `There is no command ${word}${near === undefined ? "" : `; did you mean ${near}?`}`;
}
