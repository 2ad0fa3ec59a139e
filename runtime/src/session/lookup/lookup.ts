import type { FieldDefinition, FieldIndex, IndexedValue } from "../../codec/definition.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import { SessionError } from "../../errors.js";
import type { StoredSession } from "../../stores/store.js";
import type { SessionContext } from "../context/options.js";
import { isLease } from "../lifecycle/lease.js";
import { valueIn } from "../records/index-values.js";
import { isQuarantined } from "../records/quarantine.js";
import { decodeStored } from "../records/stored-record.js";

/** A session that was found by one of its fields. */
export interface FoundSession<Data extends object> {
  /** The fields that are present, without those marked `redact`. */
  readonly data: Partial<Data>;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly permanent: boolean;
}

/** A session under its key, verified. */
export interface Candidate {
  readonly key: string;
  readonly stored: StoredSession;
  readonly record: SessionRecord;
}

/**
 * The sessions of which an indexed field has that value. Stores may name more of them: each is looked at, so that nobody ever gets
 * another user's session.
 *
 * @param onKey - is told every key that the store names
 * @throws SessionError `session/no-lookup` when the store cannot find sessions or the path has no index; `store/…`
 */
export async function* candidates(
  context: SessionContext,
  path: string,
  value: IndexedValue,
  onKey: (key: string) => void = () => {},
): AsyncGenerator<Candidate> {
  if (context.missing !== undefined) throw context.missing;
  const [field, index] = indexOf(context, path);
  const wanted = context.texts.textOf(index, value);
  for (const text of context.texts.textsOf(index, value)) {
    for await (const page of context.store.findByIndex(index.name, text)) {
      for (const { key, stored } of page) {
        if (isQuarantined(key)) continue;
        onKey(key);
        const record = decodable(context, key, stored);
        if (record === undefined) continue;
        const { absolute } = record.permanent ? context.lifetime.permanent : context.lifetime;
        if (context.clock() >= record.createdAt + absolute) continue;
        const found = valueIn(field, index, record);
        if (found !== null && context.texts.textOf(index, found) === wanted) yield { key, stored, record };
      }
    }
  }
}

/**
 * Removes every session of the value. A session that moves to a new id meanwhile is found there: it is looked for again until the
 * store names no key but those that had nothing left a pass ago. Behind one that has just lost its session, another may have it.
 *
 * @param except - the id of a session that stays
 * @returns how many were removed
 * @throws SessionError `session/conflict` when others kept changing them; as {@link candidates} besides
 */
export async function destroyBy(
  context: SessionContext,
  path: string,
  value: IndexedValue,
  except: string | undefined,
): Promise<number> {
  const spared = except === undefined ? undefined : context.store.keyOf(except);
  const settled = new Set([spared]);
  let removed = 0;
  for (let pass = 0; pass <= context.maxConflicts; pass += 1) {
    const absent = new Set<string>();
    let left = false;
    for await (const { key, stored } of candidates(context, path, value, (named) => absent.add(named))) {
      if (key === spared) continue;
      absent.delete(key);
      left = true;
      // Only the state that was looked at: by now the session may be somebody else's.
      if (!(await context.store.remove(key, stored.version))) continue;
      settled.add(key);
      removed += 1;
      context.events.publish("destroyed", { by: "lookup" });
    }
    if (!left && [...absent].every((key) => settled.has(key))) return removed;
    for (const key of absent) settled.add(key);
  }
  throw new SessionError("session/conflict", "Not all sessions could be removed: others kept changing them");
}

function indexOf(context: SessionContext, path: string): readonly [FieldDefinition, FieldIndex] {
  for (const field of context.fields) {
    for (const index of field.indexes ?? []) if (index.path === path) return [field, index];
  }
  throw new SessionError("session/no-lookup", `Sessions have no index on ${JSON.stringify(path)}`);
}

function decodable(
  context: SessionContext,
  key: string,
  { payload }: StoredSession,
): SessionRecord | undefined {
  try {
    const record = decodeStored(context, payload, key);
    // Where a tool that fills in an index has entered it by the default of a field.
    return isLease(record) ? undefined : record;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return undefined;
  }
}
