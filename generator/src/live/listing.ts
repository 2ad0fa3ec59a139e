import type { SessionStore } from "@sessgen/runtime";
import { SessgenError } from "../errors.js";
import type { Live, StoredPayload, Target } from "./live.js";
import { ownSessions } from "./own-sessions.js";
import type { BackendTarget } from "./target.js";

/**
 * The most pages that are read in search of a sample: on a server that others use, too, most may
 * have nothing of the target's own.
 */
const MOST_PAGES = 1000;

/** A backend whose sessions commands can list. */
export type Listing = Live & Required<Pick<Live, "list">>;

/**
 * Gives what lists the sessions of a target.
 * @throws SessgenError `backend/elsewhere`, `backend/no-listing`
 */
export async function listingOf({ backend, kind, config }: BackendTarget): Promise<Listing> {
  const live = await backend.live?.();
  const where = { file: config.file, path: "backend" };
  if (backend.outOfReach)
    throw new SessgenError(
      "backend/elsewhere",
      `The backend ${kind} keeps its sessions out of reach of commands`,
      { where },
    );
  if (live?.list === undefined)
    throw new SessgenError("backend/no-listing", `Commands cannot list the sessions of ${kind}`, { where });
  return { ...live, list: live.list };
}

/** Some sessions of a target. */
export interface Sample {
  readonly sessions: readonly StoredPayload[];
  /** How many records were looked at for them, leases and the like included. */
  readonly records: number;
  /** There is nothing else. */
  readonly isAll: boolean;
}

/**
 * Reads some live sessions of the target's own, whichever are found first; `undefined` where
 * commands cannot list sessions. Changes nothing.
 * @param limit - the most that are looked at
 */
export async function sampleOf(
  target: Target,
  live: Pick<Live, "list"> | undefined,
  store: SessionStore,
  limit: number,
): Promise<Sample | undefined> {
  if (live?.list === undefined) return undefined;
  const own = await ownSessions(target);
  const sessions: StoredPayload[] = [];
  let [pages, records, isAll] = [0, 0, true];
  await live.list(target, {
    store,
    async onPage(page) {
      pages += 1;
      for (const record of page.records) {
        isAll = sessions.length < limit;
        if (!isAll) return false;
        records += 1;
        if (own.has(record.key)) sessions.push(record);
      }
      isAll = pages < MOST_PAGES;
      return isAll;
    },
  });
  return { sessions, records, isAll };
}
