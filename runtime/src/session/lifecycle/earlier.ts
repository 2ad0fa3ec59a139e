import { UnreadableValue } from "../../codec/unreadable.js";
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
 * Where it has moved from one of them to another, it is under the other one.
 * @throws SessionError `store/…`
 */
export async function findEarlier(context: SessionContext, id: string): Promise<Earlier | undefined> {
  const keys = (context.previous ?? []).map(({ keyOf }) => keyOf(id));
  const found = await Promise.all(keys.map((key) => context.store.read(key)));
  const all = found.flatMap((stored, index): Earlier[] => {
    const key = keys[index];
    return key === undefined || stored === undefined ? [] : [{ key, stored }];
  });
  return all.find(({ key, stored }) => !isMovedAway(context, key, stored)) ?? all[0];
}

/** Says whether what lies under the key is the trace of a session that has moved. */
export function isMovedAway(context: SessionContext, key: string, { payload }: StoredSession): boolean {
  try {
    return decodeStored(context, payload, key).trace === "moved";
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return false;
  }
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
