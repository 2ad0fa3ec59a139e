import type { ChangeClass, Example } from "../../src/changes/rule.js";
import type { RunOptions, Versions } from "./versions.js";

/** What two versions do to one session, and what comes of it. */
export interface Case extends RunOptions {
  /** What is other than in the rule's own example. */
  readonly example?: Partial<Example>;
  /** What the rule says of it; by default what it says most often. */
  readonly class?: ChangeClass;
  readonly given: (versions: Versions) => Promise<unknown>;
  readonly want: unknown;
}

/** What shows that a rule is right: by default with the two versions of its example. */
export type Fixture = readonly (readonly [name: string, Case])[];
