import { SessionError } from "../../errors.js";
import { backOff } from "../../time/backoff.js";
import type { SessionContext } from "../context/options.js";
import { keysOf } from "../lifecycle/earlier.js";
import { type Candidate, candidates, certain, type Sought } from "./candidates.js";
import { handleOf } from "./handle.js";

/** How many sessions are removed at once, in one operation of the store. */
const AT_ONCE = 100;

/** The same where that is an operation for each: requests of this process wait for all of them. */
const FEW = 20;

/**
 * Removes every session of the value, and what cannot be read but may have it. Each removal is tied
 * to the state that was looked at: by now the session may be somebody else's. Whoever moves to a
 * new id meanwhile is found there by the next pass; a pass costs what is alive by then, and the
 * last one finds nothing. After passes that some slipped away from it waits for a random time, or
 * it might go on in step with them.
 *
 * @param except - the id of a session that stays
 * @param onRemoved - is told of each page how many of it were removed
 * @returns how many were removed
 * @throws SessionError `session/conflict` when others kept changing them; as {@link candidates}
 *   besides
 */
export async function destroyBy(
  context: SessionContext,
  sought: Sought,
  except: string | undefined,
  onRemoved: (count: number) => void = () => {},
): Promise<number> {
  const spared = new Set(except === undefined ? [] : keysOf(context, except));
  const settled = new Set<string>();
  let removed = 0;
  let slipped = 0;
  for (let pass = 0; ; pass += 1) {
    let found = 0;
    let ended = 0;
    let isComplete = true;
    // Behind a key that has just lost its session another one may have it. Each key tells that
    // once.
    const onGone = (key: string): void => {
      if (!settled.has(key)) isComplete = false;
      settled.add(key);
    };
    for await (const page of candidates(context, sought, onGone)) {
      const meant = page.filter(({ key }) => !spared.has(key));
      found += meant.length;
      const some = await removeAll(context, meant);
      ended += some;
      onRemoved(some);
    }
    removed += ended;
    if (found === 0 && isComplete) return removed;
    const isSlipped = ended < found || !isComplete;
    if (pass >= context.maxConflicts) {
      // Nobody slipped away: these are new ones, as fast as they are removed.
      if (!isSlipped) return removed;
      throw keptChanging();
    }
    if (isSlipped) {
      slipped += 1;
      await backOff(slipped);
    }
  }
}

/**
 * Ends the one session that a handle of {@link list} names, if it still has the value.
 * @returns `false` when there is none: it has ended, or goes on under a new id, and has another
 *   handle
 * @throws SessionError as {@link destroyBy}
 */
export async function revoke(context: SessionContext, handle: string, sought: Sought): Promise<boolean> {
  for (let attempt = 0; attempt <= context.maxConflicts; attempt += 1) {
    const meant = await named(context, handle, sought);
    if (meant === undefined) return false;
    if (await remove(context, meant)) return true;
    await backOff(attempt + 1);
  }
  throw keptChanging();
}

async function named(
  context: SessionContext,
  handle: string,
  sought: Sought,
): Promise<Candidate | undefined> {
  for await (const candidate of certain(context, sought))
    if (handleOf(candidate.key) === handle) return candidate;
  return undefined;
}

/** Removes some at once; gives back how many were still as they had been looked at. */
async function removeAll(context: SessionContext, meant: readonly Candidate[]): Promise<number> {
  let removed = 0;
  const count = context.store.can("removeMany") ? AT_ONCE : FEW;
  for (let from = 0; from < meant.length; from += count) {
    const some = meant.slice(from, from + count);
    const states = some.map(({ key, stored }) => ({ key, version: stored.version }));
    const done = await context.store.removeMany(states);
    for (const [index, candidate] of some.entries()) {
      if (!done[index]) continue;
      removed += 1;
      announce(context, candidate);
    }
  }
  return removed;
}

async function remove(context: SessionContext, candidate: Candidate): Promise<boolean> {
  if (!(await context.store.remove(candidate.key, candidate.stored.version))) return false;
  announce(context, candidate);
  return true;
}

function announce({ store, events }: SessionContext, { key, record }: Candidate): void {
  store.endings.publish(key);
  events.publish("destroyed", { by: "lookup", ...(record === undefined && { unread: true }) });
}

function keptChanging(): SessionError {
  return new SessionError("session/conflict", "Not all sessions could be removed: others kept changing them");
}
