import { createHash } from "node:crypto";
import type { SessionModel } from "../model/model.js";
import type { Lock } from "./lock.js";
import { namedBelow, nameText, partsOf } from "./path.js";

/** The log as the emitted code knows it; see `History` of the runtime. */
export interface LogHistory {
  /** For each entry the first 4 bytes of the chain's hash at it, as 8 hexadecimal digits. */
  readonly hashes: readonly string[];
  /** For each generation the position of its last entry. */
  readonly generations: readonly number[];
}

/** The first bytes of a hash, in hexadecimal digits. */
const HASH_DIGITS = 8;

/**
 * Chains the entries of the log: each hash depends on the application, on the entry and on all
 * before it, so that two logs with the same hash at a place are the same up to there. Generations
 * are no part of it: they only group the entries.
 */
export function historyOf({ application, log }: Lock): LogHistory {
  let chain = createHash("sha256").update(`sessgen-lock\0${application}`).digest();
  const hashes = log.map(({ key, slot, type }) => {
    chain = createHash("sha256")
      .update(chain)
      .update(`\0${JSON.stringify([key, slot, type])}`)
      .digest();
    return chain.toString("hex").slice(0, HASH_DIGITS);
  });
  // A generation whose entries were all taken out again ends where the one before it does.
  const generations = Array.from({ length: log.at(-1)?.generation ?? 0 }, (_, index) =>
    log.findLastIndex(({ generation }) => generation <= index + 1),
  ).map((last) => last + 1);
  return { hashes, generations };
}

/**
 * Gives the position of each field by its name: of the newest among its own entry and all that lie
 * beneath it, those of named types included. A log that is the same up to there reads the field
 * alike.
 */
export function positionsOf(model: SessionModel, lock: Lock): ReadonlyMap<string, number> {
  const positions = new Map(lock.log.map((allocation, index) => [allocation, index + 1]));
  const positionOf = (path: string): number => {
    const entry = lock.entries.get(path);
    return (entry && positions.get(entry.allocation)) ?? 0;
  };
  const newestOf = (parts: Iterable<{ readonly path: string }>): number =>
    Math.max(0, ...[...parts].map(({ path }) => positionOf(path)));
  const named = new Map(
    Object.entries(model.types).map(([name, type]) => [name, newestOf(partsOf(type, `@${name}`))]),
  );
  return new Map(
    model.fields.map((field) => {
      const path = nameText(field.name);
      const types = [...namedBelow(field.type, model.types)].map((name) => named.get(name) ?? 0);
      return [field.name, Math.max(positionOf(path), newestOf(partsOf(field.type, path)), ...types)];
    }),
  );
}
