import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { History, IndexValues, ReadIndexValues, SessionDefinition } from "@sessgen/runtime";
import { importModule } from "../config/import.js";
import { SessgenError } from "../errors.js";
import type { Target } from "./live.js";
import { runtimeOf } from "./stored-sessions.js";

/**
 * What a session is found by, for the store; nothing when the payload cannot be read.
 * @param key - the store's, without its prefix: an encrypted payload can be read only under its own
 */
export type IndexReader = (payload: Uint8Array, key: string) => IndexValues | undefined;

/**
 * Reads payloads as the application does: through the emitted `fields.ts`, and with the secrets of
 * the environment. Without those, only what is not encrypted can be read.
 * @param names - of the indexes that are asked for; by default all of the target's
 * @throws SessgenError `migrate/failed` when it is not there, or older than the config
 */
export async function emittedIndexValues(
  target: Target,
  names: readonly string[] = target.indexes.map(({ name }) => name),
): Promise<IndexReader> {
  const { config, indexes } = target;
  const file = `${config.output}/fields.ts`;
  const path = resolve(config.root, file);
  const stale = (summary: string): SessgenError =>
    new SessgenError("migrate/failed", summary, { where: { file }, fix: "Run `npx sessgen` first." });
  if (!existsSync(path)) throw stale(`${file} is not there, and says what sessions are found by`);
  const module = await importModule(path, { files: new Set(), env: new Set() });
  const [fields, history] = [module["fields"] as SessionDefinition, module["history"] as History];
  const emitted = fields.flatMap((field) => field.indexes ?? []);
  for (const name of names) {
    const wanted = indexes.find((index) => index.name === name);
    const found = emitted.find((index) => index.name === name);
    if (found === undefined || (wanted !== undefined && wanted.hashed !== (found.hashed ?? false)))
      throw stale(`${file} does not know the index on ${wanted?.path ?? name} as it is now`);
  }
  const read = await reader(target, { fields, history });
  return (payload, key) => {
    try {
      return read(payload, key);
    } catch {
      // Whatever is wrong with it: the application will find out when the session is opened, and
      // begin it anew.
      return undefined;
    }
  };
}

/**
 * Tells how many sessions could not be read and, if that is for want of secrets, what to do; to be
 * put behind a line of progress.
 */
export function unreadableNote({ lackingSecrets }: Target, count: number): string {
  if (count === 0) return "";
  const remedy = `: set ${lackingSecrets?.join(", ")} and run npx sessgen migrate --after-deploy`;
  return `, ${count} cannot be read${lackingSecrets === undefined ? "" : remedy}`;
}

/**
 * Tells whether everything was looked at. What the secrets kept from being read is not: no backend
 * may note it as done.
 */
export function isDone({ lackingSecrets }: Target, unreadable: number): boolean {
  return lackingSecrets === undefined || unreadable === 0;
}

/** @throws SessgenError `migrate/failed` when a secret is too short */
async function reader(
  target: Target,
  emitted: { readonly fields: SessionDefinition; readonly history: History },
): Promise<ReadIndexValues> {
  const { storedIndexValues } = await runtimeOf(target);
  const encryption = encryptionOf(target);
  try {
    return storedIndexValues({ ...emitted, ...target.identity(), ...(encryption && { encryption }) });
  } catch (cause) {
    throw new SessgenError("migrate/failed", cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
}

/**
 * Without its secrets, with one that nobody has: then what is encrypted cannot be read, and is not
 * taken for something else.
 */
function encryptionOf({ config, encryption }: Target): Target["encryption"] {
  if (encryption !== undefined || config.encryption === undefined) return encryption;
  return { ...config.encryption, secrets: [randomBytes(32).toString("hex")] };
}
