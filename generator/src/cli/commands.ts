import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { documentation } from "../documentation.js";
import type { AddCommand, Run } from "./command.js";
import {
  accept,
  against,
  environment,
  environmentOf,
  type Flags,
  formatOf,
  listOf,
  repeated,
  texts,
} from "./flags.js";
import type { Io } from "./io.js";
import { addLiveCommands } from "./live-commands.js";

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
  const add: AddCommand = (name, description, run, isDefault = false) => {
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
  addLiveCommands(add, io);
  return program;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String(Reflect.get(Object(manifest), "version"));
}
