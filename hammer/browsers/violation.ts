import type { Rule } from "../check.js";
import type { Visit } from "./visits.js";

/** Something that must not happen to a browser, and the visits that show it. */
export interface BrowserViolation {
  readonly rule: Rule;
  /** The browser. */
  readonly session: string;
  readonly detail: string;
  readonly entries: readonly Visit[];
}

/** Takes a violation down. */
export type Report = (rule: Rule, detail: string, ...shown: Visit[]) => void;
