import type { Version } from "../../stores/store.js";
import type { SessionEvents } from "../context/events.js";
import type { Change } from "./change.js";
import type { StoredState } from "./stored-state.js";

/** What is not settled of a session's earlier operations, since the store did not answer. */
export interface Pending {
  /** Changes that may be stored by now. */
  write?: PendingWrite | undefined;
  /** A new id that may be the session's by now. */
  move?: PendingMove | undefined;
  /** The session was to be destroyed, and may still be there. */
  removal?: PendingRemoval | undefined;
  /** Keys of records that nobody must find. */
  readonly leftovers: string[];
  /**
   * It failed under a lock, and what was not done is not done later: the changes from before it,
   * which the state went back to.
   */
  undo?: readonly Change[] | undefined;
  /** Fields whose changes may or may not be stored; the application is still to be told. */
  unclear: readonly string[];
}

/** Nothing, as a session begins. */
export function nothingPending(): Pending {
  return { leftovers: [], unclear: [] };
}

/** Whether the store is to be asked before the next operation. */
export function isPending({ write, move, removal, leftovers, unclear }: Pending): boolean {
  return (
    write !== undefined ||
    move !== undefined ||
    removal !== undefined ||
    leftovers.length > 0 ||
    unclear.length > 0
  );
}

/** Attempts to write under one condition. */
export interface PendingWrite {
  readonly id: string;
  readonly key: string;
  readonly expect: Version | "absent";
  /** The newest mark of what is expected. */
  readonly baseMark: number | undefined;
  readonly attempts: readonly Attempt[];
}

/** One of them. */
export interface Attempt {
  readonly mark: number;
  readonly changes: readonly Change[];
}

/** The copy is written; whether the trace has taken the old record's place is unclear. */
export interface PendingMove {
  readonly old: StoredState;
  readonly copy: StoredState;
  /** Of the trace. */
  readonly mark: number;
  readonly changes: readonly Change[];
  readonly reason: SessionEvents["regenerated"]["reason"];
}

/** What is to be removed stays so until the store has answered. */
export interface PendingRemoval {
  readonly id: string;
  readonly key: string;
  readonly version: Version;
  /** Of traces that mean that it is done. */
  readonly marks: readonly number[];
  /** An attempt was made whose answer is missing. */
  readonly unclear: boolean;
}
