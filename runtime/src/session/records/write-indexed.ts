import type { SessionRecord } from "../../codec/record/record.js";
import type { Expectation, IndexValues, WriteResult } from "../../stores/store.js";
import type { SessionContext } from "../context/options.js";
import { indexedIn } from "./index-values.js";

/** A session that is to be stored, and found by what is in it. */
export interface IndexedWrite {
  readonly key: string;
  readonly payload: Uint8Array;
  readonly expect: Expectation;
  readonly expiresAt: number;
  readonly record: SessionRecord;
  /** When the caller stops waiting, by `performance.now()`. */
  readonly until?: number | undefined;
}

type StoreWrite = Parameters<SessionContext["store"]["write"]>[0];
type Writing = Pick<SessionContext, "store" | "fields" | "texts" | "indexes" | "epoch">;

/**
 * Writes a session, with what it is found by. A value that cannot be read here, such as one of a
 * newer version, keeps its place in the index. Under another key it would lose that place: lookups
 * are told first that the index is not final.
 * @throws SessionError `store/…`
 */
export function writeIndexed(context: Writing, write: IndexedWrite): Promise<WriteResult> {
  const entering = context.epoch.enter();
  return entering === undefined
    ? writeFound(context, write)
    : entering.then(() => writeFound(context, write));
}

async function doubted(context: Writing, unread: readonly string[], write: StoreWrite): Promise<WriteResult> {
  await context.indexes.doubt(unread);
  return context.store.write(write);
}

function writeFound(
  context: Writing,
  { record, key, payload, expect, expiresAt, until }: IndexedWrite,
): Promise<WriteResult> {
  const { index, unread } = indexedIn(context, record);
  const write: StoreWrite = { key, payload, expect, expiresAt, index, until };
  if (unread.length === 0 || index === undefined) return context.store.write(write);
  return expect === "absent" || expect === "any"
    ? doubted(context, unread, write)
    : context.store.write({ ...write, index: without(index, unread), keeps: unread });
}

function without(index: IndexValues, names: readonly string[]): IndexValues {
  return Object.fromEntries(Object.entries(index).filter(([name]) => !names.includes(name)));
}
