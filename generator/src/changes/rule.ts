import type { Lock } from "../lock/lock.js";
import type { Comparison } from "./comparison.js";

/**
 * How much a change asks for, from nothing on.
 * - `safe`: deploy it
 * - `once-deployed`: safe when no older version runs any more; meanwhile the two do not see all of
 *   each other
 * - `step`: takes a step besides the deploy, or the loss happens
 * - `breaking`: something is lost, whatever is done
 */
export type ChangeClass = "safe" | "once-deployed" | "step" | "breaking";

/** The classes, the least first. */
export const changeClasses: readonly ChangeClass[] = ["safe", "once-deployed", "step", "breaking"];

/**
 * A step besides the deploy.
 * - `two-deploys`: another release first
 * - `backfill`: stored sessions are rewritten
 * - `migrate`: before the deploy
 * - `after-deploy`: when no older version runs any more
 */
export type ChangeStep = "two-deploys" | "backfill" | "migrate" | "after-deploy";

/** What is lost. Each ends a sentence. */
export interface Loss {
  /** What is lost. */
  readonly what: string;
  /** By whom. */
  readonly who: string;
  /** Until when it goes on, or it is too late. */
  readonly until: string;
}

/** Two versions that differ by what a rule is about: members of a config. */
export interface Example {
  /** The version whose lock both went on from; by default the newer one goes on from the older. */
  readonly base?: string;
  readonly before: string;
  readonly after: string;
  /** What the config does not show, in a sentence. */
  readonly note?: string;
  /** What somebody did to the newer one's lock. @param before - the older one's */
  readonly edit?: (lock: Lock, before: Lock) => Lock;
}

/** What a rule found. What is not said is as the rule says. */
export interface Found {
  /** Of the schema, or of the config: `user.id`, `cookie.name`. */
  readonly path: string;
  /** Where in the config it stands; by default where the path leads. */
  readonly at?: readonly string[];
  /** What has changed, in a sentence without its full stop. */
  readonly summary: string;
  readonly class?: ChangeClass;
  readonly steps?: readonly ChangeStep[];
  readonly loss?: Loss;
  readonly instead?: string;
}

/** One kind of change. Its id is the name of its file. */
export interface Rule {
  /** What it is about, as a heading. */
  readonly title: string;
  /** How much it asks for, most often. */
  readonly class: ChangeClass;
  /** When it asks for another class. */
  readonly otherwise?: { readonly [Class in ChangeClass]?: string };
  /** What happens to sessions, in a sentence or two. */
  readonly why: string;
  /** What is lost in the class it has most often. */
  readonly loss?: Loss;
  /** The steps it takes in the class it has most often. */
  readonly steps?: readonly ChangeStep[];
  /** How it is done without a loss. */
  readonly instead?: string;
  /**
   * Stored sessions are in the former form until they are written again, or a backfill comes by.
   */
  readonly isLeftBehind?: boolean;
  readonly example: Example;
  find(comparison: Comparison): readonly Found[];
}
