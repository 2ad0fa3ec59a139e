import type { Command } from "commander";
import { exitCodes, SessgenError } from "../../errors.js";
import { type Described, shells } from "../completion/shells.js";
import type { Io } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen completion`. */
export interface CompletionOptions extends CommonOptions {
  readonly shell: string;
  /** What is completed. */
  readonly program: Command;
}

/**
 * Prints the script by which a shell completes commands, options and the values of options that
 * have but some.
 *
 * @throws SessgenError `cli/usage` for another shell
 */
export async function completion(
  { shell, program }: CompletionOptions,
  _io: Io,
  report: Reporter,
): Promise<number> {
  const print = shells[shell];
  if (print === undefined)
    throw new SessgenError(
      "cli/usage",
      `There is no completion for ${shell}; there are ${Object.keys(shells).join(", ")}`,
    );
  const script = print(program.commands.map(describe));
  report.data("script", script);
  report.line(script.trimEnd());
  return exitCodes.ok;
}

function describe(command: Command): Described {
  return {
    name: command.name(),
    description: command.description(),
    options: command.options.map(({ long, short, description, argChoices }) => ({
      long: long ?? "",
      ...(short === undefined ? {} : { short }),
      description,
      ...(argChoices === undefined ? {} : { choices: argChoices }),
    })),
  };
}
