import { optionChanges } from "../backend-options.js";
import type { Rule } from "../rule.js";

/** Reads may miss what was written a moment ago, or no longer do. */
export const readConsistencyChanged: Rule = {
  title: "`consistentRead` of DynamoDB changed",
  class: "once-deployed",
  why: "With `consistentRead: false` a version may read what was there a moment ago: a session that has just begun as absent, one that was just destroyed as present. Writes are conditional in either case: nothing is overwritten that was not seen.",
  instead: "Rely on either when no version of the other kind runs any more.",
  example: {
    before: 'backend: { kind: "dynamodb", table: "sessions" }',
    after: 'backend: { kind: "dynamodb", table: "sessions", consistentRead: false }',
  },
  find: (comparison) =>
    optionChanges(comparison, "reads").map(({ path, at, summary }) => ({ path, at, summary })),
};
