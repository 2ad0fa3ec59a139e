import { Option } from "commander";
import type { AddCommand } from "./command.js";
import { byField, byKey, environment, environmentOf, share, shareOf, texts, wholeNumber } from "./flags.js";
import type { Io } from "./io.js";

/** Describes the commands that talk to a backend. */
export function addLiveCommands(add: AddCommand, io: Io): void {
  add("migrate", "applies pending migrations to the backend", async (options, flags, report) =>
    (await import("./commands/migrate.js")).migrate(
      {
        ...options,
        ...environmentOf(flags),
        dryRun: flags["dryRun"] === true,
        afterDeploy: flags["afterDeploy"] === true,
        ...shareOf(flags),
        yes: flags["yes"] === true,
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
    .option(...share)
    .option("-y, --yes", "with --down: do not ask on a terminal");
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
}
