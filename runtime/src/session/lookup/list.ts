import type { SessionContext } from "../context/options.js";
import { keysOf } from "../lifecycle/earlier.js";
import { SessionState } from "../state/state.js";
import { storedState } from "../state/stored-state.js";
import { type Candidate, certain, type Sought } from "./candidates.js";
import { handleOf } from "./handle.js";

/** A session that was found by one of its fields. */
export interface FoundSession<Data extends object> {
  /** The fields that are present, without those marked `redact`. */
  readonly data: Partial<Data>;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly permanent: boolean;
}

/** A session as its user may see it, beside the others of the same user. */
export interface ListedSession<Listed extends object = object> {
  /**
   * Names it for `sessions.revoke()`, and opens nothing. Whoever gets a new id gets a new handle.
   */
  readonly handle: string;
  /** When it began; `undefined` when it cannot be read. */
  readonly createdAt: Date | undefined;
  /**
   * When it was used the last time, as far as the store knows: its expiry moves once half of the
   * idle time is gone.
   */
  readonly lastUsedAt: Date;
  readonly permanent: boolean;
  /** It is the session of who asks. */
  readonly current: boolean;
  /** The fields marked `list` that are present. */
  readonly data: Partial<Listed>;
}

/**
 * Lists the sessions of a value, the one used last in front. One that cannot be read is among them
 * if the store says that it has the value: it lives, and may have to be ended.
 *
 * @param current - the id of the session of who asks
 * @throws SessionError as {@link certain}
 */
export async function list<Listed extends object>(
  context: SessionContext,
  sought: Sought,
  current: string | undefined,
): Promise<readonly ListedSession<Listed>[]> {
  const own = new Set(current === undefined ? [] : keysOf(context, current));
  const listed: ListedSession<Listed>[] = [];
  for await (const candidate of certain(context, sought)) listed.push(listedFrom(context, candidate, own));
  return listed.sort((one, other) => other.lastUsedAt.getTime() - one.lastUsedAt.getTime());
}

function listedFrom<Listed extends object>(
  context: SessionContext,
  { key, stored, record }: Candidate,
  own: ReadonlySet<string>,
): ListedSession<Listed> {
  const { idle } = record?.permanent ? context.lifetime.permanent : context.lifetime;
  const { expiresAt } = stored;
  // Near the absolute end of a session the expiry says nothing of its use any more.
  const used = Math.min(Math.max(expiresAt - idle, record?.createdAt ?? 0), context.clock());
  const data: Record<string, unknown> = {};
  if (record !== undefined) {
    const state = SessionState.of(context, storedState({ id: "", key }, stored, record));
    for (const field of context.fields) {
      const value = field.list ? state.peek(field) : undefined;
      if (value !== undefined) data[field.name] = value;
    }
  }
  return {
    handle: handleOf(key),
    createdAt: record && new Date(record.createdAt),
    lastUsedAt: new Date(used),
    permanent: record?.permanent ?? false,
    current: own.has(key),
    data: data as Partial<Listed>,
  };
}
