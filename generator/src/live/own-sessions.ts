import type { Target } from "./live.js";
import { runtimeOf } from "./stored-sessions.js";

/** The tag that stands before the dot of every key of the target's own. */
export async function tagOf(target: Target): Promise<string> {
  const { identityOf } = await runtimeOf(target);
  return identityOf(target.identity()).tag;
}

/**
 * Tells the keys of the target's own sessions from those of other applications in the same store, whose payloads mean something else, and
 * from what is kept beside sessions.
 */
export async function ownSessions(target: Target): Promise<(key: string) => boolean> {
  const { isSessionKey } = await runtimeOf(target);
  const tag = await tagOf(target);
  return (key) => (!key.includes(".") || key.startsWith(`${tag}.`)) && isSessionKey(key);
}
