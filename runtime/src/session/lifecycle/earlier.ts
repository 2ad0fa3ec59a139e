import type { StoredSession } from "../../stores/store.js";
import type { SessionContext } from "../context/options.js";
import { decodeStored, ownerOf } from "../records/stored-record.js";

/** A session that was found under a key of before. */
export interface Earlier {
  readonly key: string;
  readonly stored: StoredSession;
}

/**
 * Looks for the session of an id under the keys of before, all at once: it is not under today's.
 * What is there and is no session any more is none.
 * @throws SessionError `store/…`
 */
export async function findEarlier(context: SessionContext, id: string): Promise<Earlier | undefined> {
  const keys = (context.previous ?? []).map(({ keyOf }) => keyOf(id));
  const found = await Promise.all(keys.map((key) => context.store.read(key)));
  for (const [index, stored] of found.entries()) {
    const key = keys[index];
    if (key !== undefined && stored !== undefined) return { key, stored };
  }
  return undefined;
}

/** Gives the keys that the session of an id may lie under, today's first. */
export function keysOf({ store, previous = [] }: SessionContext, id: string): readonly string[] {
  return [store.keyOf(id), ...previous.map(({ keyOf }) => keyOf(id))];
}

/** Says whether the session lies under a key of before, and is to go under today's. */
export function isEarlier(
  { store, previous }: SessionContext,
  { id, key }: { id: string; key: string },
): boolean {
  return previous !== undefined && store.keyOf(id) !== key;
}

/**
 * Says whether a session under a key of before was revoked with all others, by those whose key it
 * is. Whether it was by today's is asked of the record without their number.
 * @throws SessionError `store/…`; UnreadableValue
 */
export function wasRevoked(context: SessionContext, { key, stored }: Earlier): boolean | Promise<boolean> {
  const owner = ownerOf(context.previous ?? [], key);
  const record = decodeStored(context, stored.payload, key, "as-stored");
  return owner === undefined ? false : owner.epoch.isOver(record);
}
