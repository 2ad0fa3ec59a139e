import type { SessionContext } from "./options.js";
import type { SessionParts } from "./parts.js";

/** What tests see of sessions, and what they may put in its place. */
export interface Seam {
  readonly context: SessionContext;
  /** Has the sessions run on these parts from now on; those who listen to events go on doing so. */
  replace(parts: Pick<SessionParts, "store" | "clock">): void;
}

/** By what `createSessions` gave. */
export const seams: WeakMap<object, Seam> = new WeakMap();
