import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { documentation } from "../documentation.js";
import {
  accept,
  against,
  byField,
  byKey,
  environment,
  environmentOf,
  type Flags,
  formatOf,
  listOf,
  repeated,
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
    .addHelpText("after", `\nDocumentation: ${documentation}`)
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
        repeated,
      )
      .option("--cwd <folder>", "the folder to work in")
      .option("--json", "print one JSON object instead of text")
      .option("--verbose", "print stack traces of errors")
      .allowExcessArguments(false)
      .action(() => {
        const [id, another] = command.args;
        return action({ ...command.opts(), command: name, id, another }, run);
      });
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
        renumber: listOf(flags, "renumber"),
        ...texts(flags, "deployed"),
      };
      if (flags["watch"] !== true)
        return (await import("./commands/generate.js")).generate(generateOptions, io, report);
      const { watch } = await import("./commands/watch.js");
      const { configs = [options.config] } = options;
      const all = configs.map((config) => ({ ...generateOptions, ...(config !== undefined && { config }) }));
      return watch(all, io, report, (error) => void report.fail(error));
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
        repeated,
      ),
    )
    .option(
      "--deployed <commit>",
      "after a merge with a conflict in the lock: what is deployed, where that is not the remote's HEAD or main",
    );
  add(
    "check",
    "fails when emitted files are out of date, or a change loses something of stored sessions; for CI",
    async (options, flags, report) =>
      (await import("./commands/check.js")).check(
        { ...options, ...texts(flags, "against"), accept: listOf(flags, "accept"), format: formatOf(flags) },
        io,
        report,
      ),
  )
    .option(...against)
    .addOption(accept())
    .addOption(
      new Option(
        "--format <name>",
        "how changes are printed: for humans, or as annotations of GitHub Actions",
      )
        .choices(["text", "github"])
        .default("text"),
    );
  add("plan", "prints the steps of one release, in their order", async (options, flags, report) =>
    (await import("./commands/plan.js")).plan(
      {
        ...options,
        ...environmentOf(flags),
        against: String(flags["against"] ?? "HEAD"),
        accept: listOf(flags, "accept"),
      },
      io,
      report,
    ),
  )
    .option(...environment)
    .option(against[0], `${against[1]} (default: HEAD)`)
    .addOption(accept());
  add(
    "lock",
    "lists what the lock has that no commit ever had and the schema has no longer",
    async (options, flags, report) =>
      (await import("./commands/lock.js")).lock(
        { ...options, compact: flags["compact"] === true },
        io,
        report,
      ),
  ).option("--compact", "give the slots of all that back, and emit everything anew");
  add("init", "writes a first session.config.ts, for what the project has", async (options, flags, report) =>
    (await import("./commands/init.js")).init(
      {
        ...options,
        ...texts(flags, "backend"),
        frameworks: listOf(flags, "framework"),
        yes: flags["yes"] === true,
        dryRun: flags["dryRun"] === true,
      },
      io,
      report,
    ),
  )
    .option("-y, --yes", "ask nothing and take the defaults")
    .option(
      "-b, --backend <kind>",
      `where sessions are kept: redis, postgres, …; ${documentation}backends.md has all`,
    )
    .addOption(
      new Option("--framework <name>", "the framework, in place of what is found; may be repeated").argParser(
        repeated,
      ),
    )
    .option("--dry-run", "say what would be written, and write nothing");
  add(
    "doctor",
    "looks at everything between the config and the first cookie, and says what to do",
    async (options, flags, report) =>
      (await import("./commands/doctor.js")).doctor(
        { ...options, ...environmentOf(flags), ...texts(flags, "url") },
        io,
        report,
      ),
  )
    .option(...environment)
    .option("--url <address>", "also ask the running application, by a GET that changes its session");
  add(
    "eject [template]",
    "copies a template into the folder of your own, for you to change; without a name, lists them",
    async (options, flags, report) =>
      (await import("./commands/eject.js")).eject(
        { ...options, ...(typeof flags["id"] === "string" && { template: flags["id"] }) },
        io,
        report,
      ),
  );
  add(
    "completion <shell>",
    "prints what lets a shell complete commands and options: bash, zsh or fish",
    async (options, flags, report) =>
      (await import("./commands/completion.js")).completion(
        { ...options, shell: String(flags["id"]), program },
        io,
        report,
      ),
  );
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
    "quarantine <action> [id]",
    "lists what was kept aside since the application could not read it (list), puts it back (replay), removes it (empty)",
    async (options, flags, report) =>
      (await import("./commands/quarantine.js")).quarantine(
        {
          ...options,
          ...environmentOf(flags),
          ...texts(flags, "key"),
          ...(typeof flags["another"] === "string" && { id: flags["another"] }),
          action: String(flags["id"]),
          replace: flags["replace"] === true,
          dryRun: flags["dryRun"] === true,
          yes: flags["yes"] === true,
        },
        io,
        report,
      ),
  )
    .option(...environment)
    .option("--key <key>", "the store's key of a session, or of what was kept aside, as list shows it")
    .option("--replace", "with replay: also in the place of another value that the field has by now")
    .option("--dry-run", "say what would be done, and change nothing")
    .option("-y, --yes", "with empty: do not ask on a terminal");
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
  add(
    "backfill",
    "writes stored sessions anew, in today's format and encryption and with the values of today's schema",
    async (options, flags, report) =>
      (await import("./commands/backfill.js")).backfill(
        {
          ...options,
          ...environmentOf(flags),
          dryRun: flags["dryRun"] === true,
          restart: flags["restart"] === true,
          ...shareOf(flags),
          dropRetired: flags["dropRetired"] === true,
          pause: Number(flags["pause"]),
        },
        io,
        report,
      ),
  )
    .option(...environment)
    .option("--dry-run", "say how many would be another, and in what, and write nothing")
    .option("--restart", "begin anew, and not where it was interrupted")
    .option("--drop-retired", "delete the values of fields that are no longer in the schema")
    .option("--pause <milliseconds>", "the least between two pages, for the requests", wholeNumber(0), 20)
    .option(...share);
  add(
    "stats",
    "tells how many sessions are stored, and what they are like; nothing that is in them",
    async (options, flags, report) =>
      (await import("./commands/stats.js")).stats(
        { ...options, ...environmentOf(flags), sample: Number(flags["sample"]) },
        io,
        report,
      ),
  )
    .option(...environment)
    .option("--sample <count>", "the most sessions that are looked at", wholeNumber(1), 1000);
  return program;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String(Reflect.get(Object(manifest), "version"));
}
