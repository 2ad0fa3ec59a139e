import type { SessionStore } from "../../runtime/src/index.js";
import type { Clock } from "../../runtime/src/time/clock.js";

/** Where one run keeps its sessions: all that its processes need to know. */
export interface Target {
  /** The server's address. */
  readonly url: string;
  /** A table, a collection, a prefix, … of the run's own. */
  readonly name: string;
  /** A folder of the run's own, for what is kept on disk. */
  readonly folder: string;
}

/**
 * A store that can be hammered. Each has a file here, named as `--store` names it, and loads what
 * it is made with when it needs it: every process of the hammer has all of the files.
 */
export interface HammerStore {
  /** Its server in services/index.ts. */
  readonly service?: string;
  /** Lives in one process alone. */
  readonly local?: boolean;
  /** Sessions cannot be found by a field. */
  readonly noIndex?: boolean;
  /** Makes what the store needs besides its server, with an index on `by_label`. */
  make?(target: Target): Promise<void>;
  /** Removes it again. What is not removed expires, a day later. */
  drop?(target: Target): Promise<void>;
  /** Opens it in one process. */
  open(target: Target, options?: { readonly clock?: Clock }): SessionStore;
}
