import { join } from "node:path";
import type { Backend } from "../backends/backend.js";
import type { Io } from "../cli/io.js";
import type { CommonOptions, Reporter } from "../cli/report.js";
import { backendOf, type Catalog } from "../config/catalog.js";
import { loadConfig } from "../config/load.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { BackendConfig, OptionValue } from "../config/values.js";
import { SessgenError } from "../errors.js";
import { existingLock } from "../lock/existing.js";
import { buildModel } from "../model/build.js";
import { readIfPresent } from "../output/compare.js";
import type { Target } from "./live.js";

/** A target with the descriptor of its backend. */
export interface BackendTarget extends Target {
  readonly backend: Backend;
}

/** Options of every command that talks to a backend. */
export interface TargetOptions extends CommonOptions {
  /** The backend's name in the config; NODE_ENV unless given. */
  readonly environment?: string;
}

/**
 * Loads the config and chooses the backend that the application would choose, too.
 * @throws SessgenError `config/…`, `model/…`, `migrate/unknown-environment`, `migrate/env-missing`
 */
export async function loadTarget(
  options: TargetOptions,
  io: Io,
  report: Reporter,
  catalog: Catalog,
): Promise<BackendTarget> {
  const { config, warnings } = await loadConfig(options, catalog);
  for (const warning of warnings) report.warn(warning);
  const { model } = await buildModel(config, catalog);
  const [environment, { kind, ...rest }] = chooseBackend(config, options.environment, io);
  const backend = backendOf(catalog, kind);
  const { addresses = [], findsItself } = backend;
  if ("client" in rest && !findsItself && !addresses.some((name) => name in rest))
    throw new SessgenError("backend/no-address", `The backend ${kind} has a client and no address`, {
      where: { file: config.file, path: "backend" },
    });
  return {
    config,
    environment,
    backend,
    kind,
    options: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, resolved(value, io)])),
    identity: identityOf(config, io, await readIfPresent(join(config.root, config.lock))),
    previous: previousOf(config, io),
    indexes: model.fields.flatMap(({ indexes }) => indexes ?? []),
    ...encryptionOf(config, io),
  };
}

/** Not every command reads sessions: what needs the secrets and has none says so itself. */
function encryptionOf({ encryption }: ResolvedConfig, io: Io): Pick<Target, "encryption" | "lackingSecrets"> {
  if (encryption === undefined) return {};
  const names = encryption.secrets.map(({ $env }) => $env);
  const secrets = names.flatMap((name) => io.env[name] || []);
  return secrets.length === names.length
    ? { encryption: { ...encryption, secrets } }
    : { lackingSecrets: names.filter((name) => !io.env[name]) };
}

/**
 * Read late: what is missing is no hindrance to a command that does not look for sessions by their
 * ids.
 */
function identityOf(config: ResolvedConfig, io: Io, lock: string | undefined): Target["identity"] {
  const { name, realm } = config;
  return () => ({
    application: existingLock(lock, config.lock).application,
    ...(realm !== undefined && { realm: String(resolved(realm, io)) }),
    ...(name !== undefined && { name }),
  });
}

function previousOf({ previous = [] }: ResolvedConfig, io: Io): Target["previous"] {
  return () =>
    previous.map(({ deriveKey: _, realm, ...names }) => ({
      ...names,
      ...(realm !== undefined && { realm: String(resolved(realm, io)) }),
    }));
}

/**
 * Chooses the backend that the application would choose, too.
 * @param asked - its name in the config
 * @throws SessgenError `migrate/unknown-environment`
 */
export function chooseBackend(
  config: ResolvedConfig,
  asked: string | undefined,
  io: Io,
): readonly [string, BackendConfig] {
  const { backends } = config;
  const entries = Object.entries(backends);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && asked === undefined) return only;
  const environment = asked ?? io.env["NODE_ENV"] ?? "";
  const names = asked === undefined ? [environment, "default", "production"] : [asked];
  const found = names.flatMap((name) => entries.filter(([candidate]) => candidate === name))[0];
  if (found !== undefined) return found;
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
function resolved(value: OptionValue, io: Io): unknown {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: OptionValue) => resolved(item, io));
  if (!("$env" in value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolved(item, io)]));
  }
  const name = String(value.$env);
  const text = io.env[name];
  if (text !== undefined && text !== "") return text;
  throw new SessgenError("migrate/env-missing", `The environment variable ${name} is not set`, {
    where: { path: name },
  });
}
