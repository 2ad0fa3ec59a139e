import { SessionError } from "../../errors.js";
import type { IndexedSession } from "../../stores/store.js";
import type { SessionContext } from "../context/options.js";
import type { IndexState } from "../records/index-notes.js";

/** The most sessions that one lookup goes through for want of an index. */
const MOST = 10_000;

/** What an index lacks. */
export interface Listing {
  readonly path: string;
  readonly state: Exclude<IndexState, "final">;
  /** It lacks nothing: what an older deploy writes was found through another index. */
  readonly complete: boolean;
}

/**
 * Goes through the application's sessions, whatever they have, where an index may lack some: those
 * that an older deploy writes. Where the store cannot list them, or there are too many, nobody may
 * believe that all were found.
 * @throws SessionError `session/index-not-final` at the end then; `store/…`
 */
export async function* withoutIndex(
  { store, events }: SessionContext,
  { path, state, complete }: Listing,
): AsyncGenerator<readonly IndexedSession[]> {
  let looked = 0;
  let isComplete = complete || store.can("list");
  if (!complete && isComplete) {
    for await (const page of store.list()) {
      looked += page.length;
      yield page.map((entry) => ({ ...entry, confirmed: false }));
      isComplete = looked <= MOST;
      if (!isComplete) break;
    }
  }
  events.publish("index-not-final", { path, state, looked, complete: isComplete });
  if (isComplete) return;
  const lacks =
    state === "open" ? "sessions from before it were not entered" : "an older deploy may write without it";
  throw new SessionError(
    "session/index-not-final",
    `Perhaps not all sessions were found: the index on ${path} is not final, ${lacks}`,
  );
}
