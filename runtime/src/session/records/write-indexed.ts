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

/**
 * Writes a session, with what it is found by. What cannot be read here, as of a newer version, it
 * stays found by. Under another key it would be found by it no more: whoever looks it up there is
 * told first that the index is not final.
 * @throws SessionError `store/…`
 */
export async function writeIndexed(
  context: Pick<SessionContext, "store" | "fields" | "texts" | "indexes" | "epoch">,
  { record, ...write }: IndexedWrite,
): Promise<WriteResult> {
  const entering = context.epoch.enter();
  if (entering !== undefined) await entering;
  const { index, unread } = indexedIn(context, record);
  if (unread.length === 0 || index === undefined) return context.store.write({ ...write, index });
  const { expect } = write;
  if (expect === "absent" || expect === "any") {
    await context.indexes.doubt(unread);
    return context.store.write({ ...write, index });
  }
  return context.store.write({ ...write, index: without(index, unread), keeps: unread });
}

function without(index: IndexValues, names: readonly string[]): IndexValues {
  return Object.fromEntries(Object.entries(index).filter(([name]) => !names.includes(name)));
}
