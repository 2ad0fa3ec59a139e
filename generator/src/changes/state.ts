import { SessgenError } from "../errors.js";
import type { Lock } from "../lock/lock.js";
import { readLock } from "../lock/text.js";
import { readSnapshot, type SnapshotForm } from "./snapshot-form.js";

/** A version of an application, as far as stored sessions are concerned: its lock says it all. */
export interface State {
  /** What it is called in messages: `main:sessgen.lock.json`. */
  readonly name: string;
  readonly lock: Lock;
  readonly snapshot: SnapshotForm;
}

/**
 * Makes the state that a lock is of.
 * @throws SessgenError `changes/no-snapshot`
 */
export function stateOf(lock: Lock, name: string): State {
  const snapshot = readSnapshot(lock.snapshot);
  if (snapshot !== undefined) return { name, lock, snapshot };
  throw new SessgenError("changes/no-snapshot", `${name} has no snapshot that can be read`, {
    where: { file: name },
  });
}

/**
 * Reads a state from the text of its lock.
 * @throws SessgenError `lock/unreadable`, `lock/two-applications`, `changes/no-snapshot`
 */
export function readState(text: string, name: string): State {
  return stateOf(readLock(text, name), name);
}
