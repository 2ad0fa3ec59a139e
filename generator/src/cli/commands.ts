import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import {
  byField,
  byKey,
  environment,
  environmentOf,
  type Flags,
  share,
  shareOf,
  texts,
  wholeNumber,
} from "./flags.js";
import type { Io } from "./io.js";
import type { CommonOptions } from "./report.js";
import type { CliReporter } from "./reporter.js";

/** Runs one command. */
export type Run = (options: CommonOptions, flags: Flags, report: CliReporter) => Promise<number>;

/**
 * Describes the commands and their options. What a command does is loaded when it is run.
 * @param action - is called with the command that was asked for
 */
export function programOf(io: Io, action: (flags: Flags, run: Run) => Promise<void>): Command {
  const program = new Command("sessgen")
    .description("Emits a typed session module, its migrations and framework glue from session.config.ts.")
    .version(version(), "-v, --version")
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      // Usage errors are reported like all others.
      writeErr: () => {},
    });
  const add = (name: string, description: string, run: Run, isDefault = false): Command => {
    const command = program.command(name, { isDefault });
    return command
      .description(description)
      .option(
        "-c, --config <file>",
        "the config file, relative to the working folder; generate and check take several",
        (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
      )
      .option("--cwd <folder>", "the folder to work in")
      .option("--json", "print one JSON object instead of text")
      .option("--verbose", "print stack traces of errors")
      .allowExcessArguments(false)
      .action(() => action({ ...command.opts(), command: name, id: command.args[0] }, run));
  };

  add(
    "generate",
    "emits everything the config asks for (the default command)",
    async (options, flags, report) => {
      const generateOptions = {
        ...options,
        force: flags["force"] === true,
        dryRun: flags["dryRun"] === true,
        cache: flags["cache"] !== false,
        newApplication: flags["newApplication"] === true,
        renumber: (flags["renumber"] as string[] | undefined) ?? [],
      };
      if (flags["watch"] !== true)
        return (await import("./commands/generate.js")).generate(generateOptions, io, report);
      const { watch } = await import("./commands/watch.js");
      return watch(generateOptions, io, report, (error) => void report.fail(error));
    },
    true,
  )
    .option("--dry-run", "show what would change as a diff, and change nothing")
    .option("-w, --watch", "generate again whenever the config changes")
    .option("-f, --force", "overwrite files that were edited by hand or are not ours")
    .option("--no-cache", "look at everything, even if nothing seems to have changed")
    .option(
      "--new-application",
      "make an application id where there is no lock file yet; at a terminal (stdin or stdout is one) that needs no option, " +
        "and under CI it is never done",
    )
    .addOption(
      new Option("--renumber <path>", "give an entry of the lock a new slot; may be repeated").argParser(
        (value: string, before: string[] | undefined) => [...(before ?? []), value],
      ),
    );
  add("check", "fails when emitted files are out of date; for CI", async (options, _flags, report) =>
    (await import("./commands/check.js")).check(options, io, report),
  );
  add("init", "writes a first session.config.ts", async (options, flags, report) =>
    (await import("./commands/init.js")).init(
      { ...options, yes: flags["yes"] === true, ...texts(flags, "backend") },
      io,
      report,
    ),
  )
    .option("-y, --yes", "ask nothing and take the defaults")
    .option("-b, --backend <kind>", "where sessions are kept: redis, postgres, …; docs/backends.md has all");
  add("migrate", "applies pending migrations to the backend", async (options, flags, report) =>
    (await import("./commands/migrate.js")).migrate(
      {
        ...options,
        ...environmentOf(flags),
        dryRun: flags["dryRun"] === true,
        afterDeploy: flags["afterDeploy"] === true,
        ...shareOf(flags),
        direction:
          (["down", "status", "baseline"] as const).find((direction) => flags[direction] === true) ?? "up",
      },
      io,
      report,
    ),
  )
    .option(...environment)
    .option("--dry-run", "say what would be applied, and apply nothing")
    .addOption(new Option("--down", "undo the last applied migration").conflicts(["status", "baseline"]))
    .addOption(new Option("--status", "list the migrations, applied and pending").conflicts(["baseline"]))
    .option("--baseline", "note everything as applied, and apply nothing")
    .option("--after-deploy", "also drop what only older deploys used; none of them may be running any more")
    .option(...share);
  add("verify", "compares the live backend with what was emitted", async (options, flags, report) =>
    (await import("./commands/verify.js")).verify({ ...options, ...environmentOf(flags) }, io, report),
  ).option(...environment);
  add(
    "inspect [id]",
    "shows a stored session, decoded; what is redacted stays so",
    async (options, flags, report) =>
      (await import("./commands/inspect.js")).inspect(
        {
          ...options,
          ...environmentOf(flags),
          ...texts(flags, "id", "key", "by"),
          quarantined: flags["quarantined"] === true,
        },
        io,
        report,
      ),
  )
    .option(...environment)
    .option(...byKey)
    .option(...byField)
    .option("--quarantined", "what was kept aside because the application could not read it");
  add(
    "revoke [id]",
    "removes a stored session, or all of a user, or logs everybody out",
    async (options, flags, report) =>
      (await import("./commands/revoke.js")).revoke(
        {
          ...options,
          ...environmentOf(flags),
          ...texts(flags, "id", "key", "by", "except"),
          all: flags["all"] === true,
          dryRun: flags["dryRun"] === true,
          yes: flags["yes"] === true,
        },
        io,
        report,
      ),
  )
    .option(...environment)
    .option(...byKey)
    .option(...byField)
    .option("--all", "log everybody out")
    .option("--except <id>", "with --by: the session that stays")
    .option("--dry-run", "say how many would be removed, and remove none")
    .option("-y, --yes", "do not ask on a terminal before several are removed");
  add(
    "sweep",
    "deletes expired sessions where the backend does not do so itself",
    async (options, flags, report) =>
      (await import("./commands/sweep.js")).sweep(
        {
          ...options,
          ...environmentOf(flags),
          ...shareOf(flags),
          limit: Number(flags["limit"]),
          pause: Number(flags["pause"]),
        },
        io,
        report,
      ),
  )
    .option(...environment)
    .option("--limit <count>", "the most records deleted in one batch", wholeNumber(1), 1000)
    .option("--pause <milliseconds>", "the least between two batches, for the requests", wholeNumber(0), 10)
    .option(...share);
  return program;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String(Reflect.get(Object(manifest), "version"));
}
