import type { IndexValues, StoredSession } from "../store.js";

/** A session as MongoDB keeps it. */
export interface SessionDocument {
  readonly _id: string;
  readonly payload: Uint8Array;
  readonly version: string;
  readonly expiresAt: Date;
  [by: `by_${string}`]: string;
}

/**
 * Gives the session of a document; `undefined` when it has expired, or is something else that is in
 * the collection.
 */
export function live(document: SessionDocument, now: number): StoredSession | undefined {
  const { payload, version, expiresAt } = document;
  const isSession = payload instanceof Uint8Array && typeof version === "string" && expiresAt instanceof Date;
  if (!isSession || expiresAt.getTime() <= now) return undefined;
  return { payload, version, expiresAt: expiresAt.getTime() };
}

/**
 * Gives the fields of an index: what has a value is set, what has none is not there, so that a
 * sparse index leaves it out.
 */
export function byFields(index: IndexValues | undefined): {
  readonly set: Record<`by_${string}`, string>;
  readonly unset: Record<string, ""> | undefined;
} {
  const set: Record<`by_${string}`, string> = {};
  const unset: Record<string, ""> = {};
  for (const [name, value] of Object.entries(index ?? {})) {
    if (value === null) unset[`by_${name}`] = "";
    else set[`by_${name}`] = value;
  }
  // Servers before 5.0 refuse an empty $unset.
  return { set, unset: Object.keys(unset).length > 0 ? unset : undefined };
}
