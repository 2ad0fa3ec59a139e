import { isBuiltin } from "node:module";
import type { Backend } from "../../backends/backend.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import type { BackendConfig } from "../../config/values.js";
import { importDriver, missingDriver } from "../../live/driver.js";
import type { Io } from "../io.js";
import { type Outcome, problem, skipped } from "./outcome.js";

/** Looks for the variables that the application reads when it starts. */
export async function lookAtEnvironment(
  config: ResolvedConfig,
  environment: string,
  options: BackendConfig,
  io: Io,
): Promise<Outcome> {
  const cookie = config.cookies?.[environment] ?? config.cookie;
  const names = [...new Set(variablesIn([options, cookie, config.encryption, config.realm, config.fields]))];
  const missing = names.filter((name) => !io.env[name]);
  if (missing.length > 0)
    return problem("doctor/env-missing", `Not set: ${missing.join(", ")}`, { where: { file: config.file } });
  return { summary: names.length === 0 ? "No variable is needed" : `Set: ${names.join(", ")}` };
}

function variablesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("$env" in value) return [String(value.$env)];
  return Object.values(value).flatMap(variablesIn);
}

/** Looks for a package by which the backend is reached. */
export async function lookAtDriver(
  { root }: Pick<ResolvedConfig, "root">,
  { clients = [], builtIn }: Pick<Backend, "clients" | "builtIn">,
  options: BackendConfig,
): Promise<Outcome> {
  if (typeof options["client"] === "string") return skipped("The application brings a client of its own");
  const chosen =
    typeof options["driver"] === "string" ? [options["driver"]] : [builtIn ?? [], clients].flat();
  if (chosen.length === 0) return { summary: "None is needed" };
  for (const name of chosen) {
    const isThere = name.startsWith("node:") ? isBuiltin(name) : await importDriver(root, name);
    if (isThere) return { summary: name };
  }
  throw missingDriver(...chosen.filter((name) => !name.startsWith("node:")));
}
