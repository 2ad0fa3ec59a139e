import type { Target } from "./stores/store.js";
import type { Answer, Ticket } from "./tickets.js";

/** What one process of clients is told to do. */
export interface Plan {
  readonly store: string;
  readonly target: Target;
  /** Where the history goes. */
  readonly history: string;
  readonly process: number;
  /** The numbers of its clients, of so many in all. */
  readonly own: readonly number[];
  readonly clients: number;
  readonly requests: number;
  readonly places: number;
  readonly seed: number;
  readonly unconditional: boolean;
  /** The process may be killed at any moment: what it does is on disk before it does it. */
  readonly mortal: boolean;
  /** Requests may fail through no fault of the store's. */
  readonly disturbed: boolean;
  /** Operations of the store fail at random. */
  readonly failing: boolean;
  /** Sessions are written anew all the while, as `sessgen backfill` does. */
  readonly backfill: boolean;
  /** How many processes had the plan before. */
  readonly generation: number;
}

/** What a process counts. */
export interface Counts {
  readonly conflicts: number;
  /** Operations of the store that were made to fail. */
  readonly failures: number;
  /** Sessions that were written anew. */
  readonly rewritten: number;
}

export type ToWorker =
  | { readonly type: "start"; readonly plan: Plan }
  /** The answer to a question of that number. */
  | { readonly type: "answer"; readonly question: number; readonly answer: Answer }
  /** A ticket that another process was given. */
  | { readonly type: "ticket"; readonly ticket: Ticket }
  /** Every process is done: read every session that this post was given tickets of. */
  | { readonly type: "settle" };

export type ToParent =
  /** There is no session at the place under that id, or no ticket at all: is there a newer one? */
  | {
      readonly type: "ask";
      readonly question: number;
      readonly place: number;
      readonly stale: string | undefined;
    }
  | { readonly type: "ticket"; readonly ticket: Ticket }
  /** A request is under way. */
  | { readonly type: "request" }
  | { readonly type: "failed"; readonly place: number }
  /** All clients have sent their requests. */
  | ({ readonly type: "done" } & Counts)
  | { readonly type: "settled" };
