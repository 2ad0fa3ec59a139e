import type { SessionContext } from "../context/options.js";
import type { IndexState } from "../records/index-notes.js";
import { type Candidate, certain, indexOf, type Sought } from "./candidates.js";
import { count } from "./count.js";
import { destroyBy, revoke } from "./destroy.js";
import { type ListedSession, list } from "./list.js";

/** What finds sessions by their fields: {@link lookup}. */
export interface SessionLookup {
  certain(context: SessionContext, sought: Sought): AsyncIterable<Candidate>;
  count(context: SessionContext, sought: Sought): Promise<number>;
  list<Listed extends object>(
    context: SessionContext,
    sought: Sought,
    current: string | undefined,
  ): Promise<readonly ListedSession<Listed>[]>;
  revoke(context: SessionContext, handle: string, sought: Sought): Promise<boolean>;
  destroyBy(context: SessionContext, sought: Sought, except: string | undefined): Promise<number>;
  stateOf(context: SessionContext, path: string): Promise<IndexState>;
}

/**
 * Finds, lists, counts and ends sessions by their fields. Applications without an index do not
 * bundle it.
 */
export const lookup: SessionLookup = {
  certain,
  count,
  list,
  revoke,
  destroyBy,
  stateOf: async (context, path) => (await context.indexes.of(indexOf(context, path)[1])).state,
};
