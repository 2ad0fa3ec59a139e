import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { History, SessionDefinition } from "@sessgen/runtime";
import { importModule } from "../config/import.js";
import { SessgenError } from "../errors.js";
import { sampleOf } from "./listing.js";
import type { Drift, Live, Target } from "./live.js";
import { withStore } from "./open-store.js";
import { runtimeOf } from "./stored-sessions.js";

/** The most sessions that are looked at. */
const SAMPLE = 1000;

/** A secret of the encryption, and how many of the sessions that were looked at need it. */
export interface SecretInUse {
  /** The variable's name, never its value. */
  readonly variable: string;
  readonly sessions: number;
}

/** With which secrets stored sessions are encrypted. */
export interface SecretsReport {
  readonly secrets: readonly SecretInUse[];
  /** How many sessions were looked at, and whether there are more. */
  readonly seen: number;
  readonly more: boolean;
  readonly drifts: readonly Drift[];
}

/**
 * Looks at stored sessions for the secrets that they are encrypted with. What signs cookies is
 * nowhere in a store.
 * @returns why not, where they cannot be looked at; nothing where nothing is encrypted
 */
export async function secretsInUse(
  target: Target,
  live: Live | undefined,
): Promise<SecretsReport | string | undefined> {
  if (target.config.encryption === undefined) return undefined;
  try {
    return await lookFor(target, live);
  } catch (error) {
    // An account that may not list sessions, or a secret that is too short, is no reason for
    // `verify` to fail.
    if (error instanceof SessgenError) return error.envelope.summary;
    if (error instanceof Error && error.name === "SessionError") return error.message;
    throw error;
  }
}

async function lookFor(target: Target, live: Live | undefined): Promise<SecretsReport | string> {
  const { config, encryption, lackingSecrets } = target;
  if (live?.list === undefined) return `commands cannot list the sessions of ${target.kind}`;
  if (encryption === undefined) return `${lackingSecrets?.join(", ")} is not set`;
  const path = resolve(config.root, config.output, "fields.ts");
  if (!existsSync(path)) return `there is no ${config.output}/fields.ts`;
  const module = await importModule(path, { files: new Set(), env: new Set() });
  const { storedSecrets } = await runtimeOf(target);
  const secretsOf = storedSecrets({
    fields: module["fields"] as SessionDefinition,
    history: module["history"] as History,
    encryption,
    ...target.identity(),
  });
  const sample = await withStore(target, (store) => sampleOf(target, live, store, SAMPLE));
  const { sessions: seen = [], isAll = true } = sample ?? {};
  const counts = encryption.secrets.map(() => 0);
  let lacking = 0;
  for (const { payload, key } of seen) {
    const found = secretsOrNone(() => secretsOf(payload, key));
    for (const position of found.positions) counts[position] = (counts[position] ?? 0) + 1;
    if (found.missing) lacking += 1;
  }
  const summary = `${lacking} of ${seen.length} sessions that were looked at are encrypted with a secret that is not among ${variables(target).join(", ")}`;
  return {
    secrets: variables(target).map((variable, index) => ({ variable, sessions: counts[index] ?? 0 })),
    seen: seen.length,
    more: !isAll,
    drifts: lacking === 0 ? [] : [{ id: "verify/missing-secret", summary }],
  };
}

/** Gives what a human is told. */
export function secretsText({ secrets, seen, more }: SecretsReport): readonly string[] {
  const looked = `of ${seen} sessions that were looked at${more ? " (there are more)" : ""}`;
  return secrets.map(({ variable, sessions }) => `${variable}: needed by ${sessions} ${looked}`);
}

function variables({ config }: Target): readonly string[] {
  return (config.encryption?.secrets ?? []).map(({ $env }) => $env);
}

/** What cannot be decoded needs no secret that would help. */
function secretsOrNone(
  look: () => { readonly positions: readonly number[]; readonly missing: boolean },
): ReturnType<typeof look> {
  try {
    return look();
  } catch (error) {
    // By name: it is of the project's own copy of the runtime.
    if (!(error instanceof Error) || error.name !== "UnreadableValue") throw error;
    return { positions: [], missing: false };
  }
}
