import type { Command } from "commander";
import type { Flags } from "./flags.js";
import type { CommonOptions } from "./report.js";
import type { CliReporter } from "./reporter.js";

/** Runs one command. */
export type Run = (options: CommonOptions, flags: Flags, report: CliReporter) => Promise<number>;

/** Describes a command, with the options that each of them has. */
export type AddCommand = (name: string, description: string, run: Run, isDefault?: boolean) => Command;
