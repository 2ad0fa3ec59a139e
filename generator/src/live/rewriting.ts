import { join } from "node:path";
import type { RewriteOptions, StoredOptions, StoredRewrite } from "@sessgen/runtime";
import { SessgenError } from "../errors.js";
import { existingLock } from "../lock/existing.js";
import { groupOf } from "../lock/lock.js";
import { readIfPresent } from "../output/compare.js";
import { emittedSchema, serializerOf } from "./emitted-schema.js";
import type { Target } from "./live.js";
import { runtimeOf } from "./stored-sessions.js";

/** What a stored payload would be today. */
export type Rewrite = (payload: Uint8Array, key: string) => StoredRewrite;

/**
 * Gives what the runtime reads and writes stored sessions with, as the application has it.
 * @throws SessgenError `inspect/not-emitted`, `backfill/no-secret`
 */
export async function storedOptions(target: Target): Promise<StoredOptions> {
  const { config, encryption, lackingSecrets } = target;
  if (lackingSecrets !== undefined)
    throw new SessgenError("backfill/no-secret", `${lackingSecrets.join(", ")} is not set`);
  const { compression, maxBytes } = config;
  return {
    ...(await emittedSchema(target)),
    ...target.identity(),
    serializer: await serializerOf(target),
    ...(encryption && { encryption }),
    ...(compression && { compression }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
}

/**
 * Makes what rewrites payloads, and a text that is another once they would become something else.
 * @param dropsRetired - the values of fields that are no longer in the schema go, too
 * @throws SessgenError as {@link storedOptions}; `lock/…`
 */
export async function rewriting(
  target: Target,
  dropsRetired: boolean,
): Promise<{ readonly rewrite: Rewrite; readonly goal: string }> {
  const options = await storedOptions(target);
  const retired = dropsRetired ? await retiredSlots(target) : [];
  const { storedRewrites } = await runtimeOf(target);
  const given: RewriteOptions = { ...options, retired };
  const { config } = target;
  const goal = [
    options.history.hashes.slice(-8),
    config.serializer,
    config.compression?.above ?? "",
    // Never a secret: which variables there are, and in which order.
    config.encryption?.secrets.map(({ $env }) => $env).join(",") ?? "",
    config.encryption?.payload === true ? "whole" : "",
    retired.join(","),
  ].join(" ");
  return { rewrite: storedRewrites(given), goal };
}

/**
 * Gives the slots of fields that were taken out of the schema. Not those of fields that have
 * another type now: what is in them may be wanted still.
 */
async function retiredSlots({ config }: Target): Promise<readonly number[]> {
  const { entries } = existingLock(await readIfPresent(join(config.root, config.lock)), config.lock);
  // Behind a tilde stands the old slot of a field that has another type now.
  const own = [...entries].filter(([path]) => groupOf(path) === "" && !/~\d+$/.test(path));
  const taken = new Set(own.flatMap(([, { retired, allocation }]) => (retired ? [] : [allocation.slot])));
  return own
    .flatMap(([, { retired, allocation }]) => (retired ? [allocation.slot] : []))
    .filter((slot) => !taken.has(slot))
    .sort((one, other) => one - other);
}

/** Gives what the fields were called whose slots no field of today has. */
export async function retiredNames({ config }: Target): Promise<ReadonlyMap<number, string>> {
  const { entries } = existingLock(await readIfPresent(join(config.root, config.lock)), config.lock);
  return new Map(
    [...entries].flatMap(([path, { retired, allocation }]) =>
      retired && groupOf(path) === "" ? [[allocation.slot, path.replace(/~\d+$/, "")] as const] : [],
    ),
  );
}
