import type { Target } from "./live.js";
import { runtimeOf } from "./stored-sessions.js";

/** The sessions of one application, beside others in the same backend. */
export interface OwnSessions {
  /** What all of their keys begin with, behind the store's own prefix: the tag and a dot. */
  readonly prefix: string;
  /** What comes behind all keys with that prefix, where keys are sorted by their bytes. */
  readonly end: string;
  /** Says whether a key is that of a session of theirs: leases and the like are none. */
  has(key: string): boolean;
}

/** Makes the tag that stands before the dot of every key of the target's own. */
export async function tagOf(target: Target): Promise<string> {
  const { identityOf } = await runtimeOf(target);
  return identityOf(target.identity()).tag;
}

/**
 * Finds out which sessions are the target's own. Nobody else's may be changed: their payloads
 * cannot be read here, and what they are found by would be lost.
 * @throws SessgenError as {@link Target.identity}
 */
export async function ownSessions(target: Target): Promise<OwnSessions> {
  const { isSessionKey } = await runtimeOf(target);
  const tag = await tagOf(target);
  const prefix = `${tag}.`;
  return {
    prefix,
    end: `${tag}/`,
    has: (key) => key.startsWith(prefix) && isSessionKey(key),
  };
}
