import { backend } from "../backends/index.js";
import { loadConfig } from "../config/load.js";
import type { BackendConfig, ResolvedConfig } from "../config/resolved.js";
import { checkHistory } from "../emit/sql/history.js";
import { migrationsFolder } from "../emit/sql/index.js";
import { exitCodes, SessgenError } from "../errors.js";
import { readHistory } from "../infra/history.js";
import type { Io } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen migrate`. */
export interface MigrateCommandOptions extends CommonOptions {
  /** The backend's name in the config; NODE_ENV unless given. */
  readonly environment?: string;
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
  /** Undo the last applied migration. */
  readonly down?: boolean;
}

/** Applies the pending migrations to the backend. */
export async function migrate(options: MigrateCommandOptions, io: Io, report: Reporter): Promise<number> {
  const { config, warnings } = await loadConfig(options);
  for (const warning of warnings) report.warn(warning);
  const chosen = chooseBackend(config, options.environment, io);
  const dialect = backend(chosen.kind).migrations;
  if (dialect === undefined) {
    report.data("migrations", []);
    report.line(`The backend ${chosen.kind} needs no migrations`);
    return exitCodes.ok;
  }
  const migrations = (await readHistory(config)).get(dialect) ?? [];
  checkHistory(migrations, migrationsFolder(config, dialect));
  if (migrations.length === 0) {
    throw new SessgenError("migrate/none", "There are no migrations yet", {
      where: { file: migrationsFolder(config, dialect) },
    });
  }
  const { migrateSqlite } = await import("../infra/migrate-sqlite.js");
  const done = await migrateSqlite({
    root: config.root,
    file: optionText(chosen["file"], io),
    migrations,
    ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
    ...(options.down === undefined ? {} : { down: options.down }),
  });
  report.data("migrations", done);
  const verb = `${options.dryRun ? "Would be " : ""}${options.down ? "undone" : "applied"}`;
  for (const name of done) report.line(`${verb}: ${name}`);
  if (done.length === 0) report.line(options.down ? "Nothing to undo" : "Nothing is pending");
  return exitCodes.ok;
}

/** The backend that the application would choose, too. */
function chooseBackend(config: ResolvedConfig, asked: string | undefined, io: Io): BackendConfig {
  const { backends } = config;
  const [only, another] = Object.values(backends);
  const environment = asked ?? io.env["NODE_ENV"] ?? "";
  if (another === undefined && only !== undefined && asked === undefined) return only;
  const chosen =
    backends[environment] ??
    (asked === undefined ? (backends["default"] ?? backends["production"]) : undefined);
  if (chosen !== undefined) return chosen;
  throw new SessgenError(
    "migrate/unknown-environment",
    `The config has no backend for ${environment || "an unset NODE_ENV"}`,
    {
      where: { file: config.file, path: "backend" },
      fix: `Set --environment to one of: ${Object.keys(backends).join(", ")}.`,
    },
  );
}

/** The value of an option; this is the one place where sessgen itself reads what `env()` names. */
function optionText(value: unknown, io: Io): string {
  if (typeof value === "string") return value;
  const name = typeof value === "object" && value !== null && "$env" in value ? String(value.$env) : "";
  const text = io.env[name];
  if (text !== undefined && text !== "") return text;
  throw new SessgenError("migrate/env-missing", `The environment variable ${name} is not set`, {
    where: { path: name },
  });
}
