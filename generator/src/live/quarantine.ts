import type { SessionStore, StoredSessions } from "@sessgen/runtime";
import { listingOf } from "./listing.js";
import { DEADLINE } from "./open-store.js";
import { storedOptions } from "./rewriting.js";
import { sessionId } from "./session-id.js";
import { runtimeOf, storedKey } from "./stored-sessions.js";
import type { BackendTarget } from "./target.js";

/** What of a quarantine is meant: all of it, what belongs to one session, or one piece. */
export interface QuarantineSelection {
  /** The id of a session, or a cookie that has it. */
  readonly id?: string;
  /** The store's key of a session, or of what was kept aside. */
  readonly key?: string;
}

/** What was kept aside in the store of a target. */
export interface Quarantine {
  readonly sessions: StoredSessions;
  /**
   * Gives the keys of what was kept aside, each once, as they are found.
   * @throws SessgenError `backend/no-listing` where commands cannot find out
   */
  keys(): AsyncIterable<string>;
}

/**
 * Opens the quarantine of a target, with all that the application reads and writes sessions with.
 * @throws SessgenError `inspect/…`, `backfill/no-secret`
 */
export async function quarantineOf(
  target: BackendTarget,
  store: SessionStore,
  { id, key }: QuarantineSelection,
): Promise<Quarantine> {
  const { isQuarantined, quarantineKey, storedSessions, storeKey } = await runtimeOf(target);
  const sessions = storedSessions({
    ...(await storedOptions(target)),
    store,
    lifetime: target.config.lifetime,
    storeTimeout: DEADLINE,
  });
  const ofId = id === undefined ? undefined : storeKey(sessionId(id), target.identity());
  const named = key === undefined ? ofId : storedKey(key);
  const isPiece = named !== undefined && isQuarantined(named);
  const whole = named === undefined || isPiece ? named : quarantineKey(named);
  return {
    sessions,
    async *keys() {
      if (whole !== undefined && isPiece) {
        yield whole;
        return;
      }
      for (const found of await listed(target, store)) {
        if (whole === undefined || found === whole || isFieldOf(whole, found)) yield found;
      }
    },
  };
}

/**
 * Gives the keys of single fields that were kept aside.
 * @param wholes - under which their sessions would be kept as a whole
 * @throws SessgenError `backend/no-listing` where commands cannot find out
 */
export async function fieldsAside(
  target: BackendTarget,
  store: SessionStore,
  wholes: readonly string[],
): Promise<readonly string[]> {
  const all = await listed(target, store);
  return [...all].filter((found) => wholes.some((whole) => isFieldOf(whole, found)));
}

/** A field of a session is kept behind the session's key and a dot. */
function isFieldOf(whole: string, key: string): boolean {
  return key.startsWith(`${whole}.`);
}

/** Names alone are kept: there may be many, and payloads are read when their turn comes. */
async function listed(target: BackendTarget, store: SessionStore): Promise<ReadonlySet<string>> {
  const { isQuarantined } = await runtimeOf(target);
  const listing = await listingOf(target);
  const keys = new Set<string>();
  await listing.list(target, {
    store,
    async onPage({ records }) {
      for (const { key } of records) if (isQuarantined(key)) keys.add(key);
      return true;
    },
  });
  return keys;
}
