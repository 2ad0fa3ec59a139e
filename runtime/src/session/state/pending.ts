import type { Version } from "../../stores/store.js";
import type { SessionEvents } from "../context/events.js";
import type { Change } from "./change.js";
import type { StoredState } from "./stored-state.js";

/** What is not settled of a session's earlier operations, since the store did not answer. */
export class Pending {
  #write: PendingWrite | undefined;
  #move: PendingMove | undefined;
  #removal: PendingRemoval | undefined;
  #leftovers: readonly string[] = [];
  #undo: readonly Change[] | undefined;
  #unclear: readonly string[] = [];

  /** Changes that may be stored by now. */
  get write(): PendingWrite | undefined {
    return this.#write;
  }

  /** A new id that may be the session's by now. */
  get move(): PendingMove | undefined {
    return this.#move;
  }

  /** The session was to be destroyed, and may still be there. */
  get removal(): PendingRemoval | undefined {
    return this.#removal;
  }

  /** Keys of records that nobody must find. */
  get leftovers(): readonly string[] {
    return this.#leftovers;
  }

  /**
   * It failed under a lock, and what was not done is not done later: the changes from before it,
   * which the state went back to.
   */
  get undo(): readonly Change[] | undefined {
    return this.#undo;
  }

  /** Whether the store is to be asked before the next operation. */
  get isEmpty(): boolean {
    return (
      this.#write === undefined &&
      this.#move === undefined &&
      this.#removal === undefined &&
      this.#leftovers.length === 0 &&
      this.#unclear.length === 0
    );
  }

  /** Keeps an attempt to write whose answer is missing, with those before it. */
  attempted({ id, key, before }: WriteTarget, attempt: Attempt): void {
    const write = this.#write;
    const isSame = write?.key === key && write.before?.version === before?.version;
    this.#write = { id, key, before, attempts: isSame ? [...write.attempts, attempt] : [attempt] };
  }

  /** Notes that it is known what became of the attempts to write. */
  written(): void {
    this.#write = undefined;
  }

  /** Notes that the move is under way, and stays so until the store has answered. */
  moving(move: PendingMove): void {
    this.#move = move;
  }

  /** Notes that the session is where it was. */
  stayed(): void {
    this.#move = undefined;
  }

  /** Notes that the session goes on under the new id, with all that was written before. */
  moved(): void {
    this.#move = undefined;
    this.#write = undefined;
    this.#undo = undefined;
  }

  /** Notes that the removal stays to be done until the store has answered. */
  removing(removal: PendingRemoval): void {
    this.#removal = removal;
  }

  /** Notes that there is nothing more to remove. */
  removed(): void {
    this.#removal = undefined;
  }

  /** Gives up what was begun for a session that is to be removed: nobody must find that, either. */
  giveUp(): void {
    if (this.#write !== undefined && this.#write.before === undefined) this.leave(this.#write.key);
    if (this.#move !== undefined) this.leave(this.#move.copy.key);
    this.#move = undefined;
    this.forgive();
  }

  /** Notes that what is under that key is still to be ended. */
  leave(key: string): void {
    if (!this.#leftovers.includes(key)) this.#leftovers = [...this.#leftovers, key];
  }

  /** Notes that nobody finds any more what was under that key. */
  ended(key: string): void {
    this.#leftovers = this.#leftovers.filter((other) => other !== key);
  }

  /** Notes that the lock has failed: what may have been done is undone if it was not. */
  undoTo(changes: readonly Change[]): void {
    this.#undo = changes;
  }

  /**
   * Notes that what a failed lock left undone is not done any more, and that nobody has to be told.
   */
  forgive(): void {
    this.#write = undefined;
    this.#undo = undefined;
    this.#unclear = [];
  }

  /** Notes that what failed under a lock is undone. */
  undone(): void {
    this.#undo = undefined;
  }

  /**
   * Notes that the application is to be told that the changes of these fields may or may not be
   * stored.
   */
  tellOf(names: readonly string[]): void {
    this.#unclear = [...new Set([...this.#unclear, ...names])];
  }

  /** Takes the fields that the application is to be told of. */
  takeUnclear(): readonly string[] {
    const names = this.#unclear;
    this.#unclear = [];
    return names;
  }
}

/** Where an attempt to write went. */
export interface WriteTarget {
  readonly id: string;
  readonly key: string;
  /** What it was to replace; `undefined`: nothing. */
  readonly before: StoredState | undefined;
}

/** Attempts to write under one condition: that what is to be replaced is what is stored. */
export interface PendingWrite extends WriteTarget {
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
