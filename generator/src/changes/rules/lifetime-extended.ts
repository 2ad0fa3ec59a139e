import { lifetimesOf } from "../lifetimes.js";
import type { Rule } from "../rule.js";

/** Sessions end later. */
export const lifetimeExtended: Rule = {
  title: "A lifetime was extended",
  class: "once-deployed",
  why: "Sessions get the longer one with their next use. To an older version, a session is over as early as ever: its user is logged out by whichever version answers.",
  instead: "Rely on it when no older version runs any more.",
  example: {
    before: 'lifetime: { idle: "1h", absolute: "4h" }',
    after: 'lifetime: { idle: "1h", absolute: "12h" }',
  },
  find: (comparison) =>
    lifetimesOf(comparison)
      .filter(({ before, after }) => after > before)
      .map(({ path, text }) => ({ path: path.join("."), at: path, summary: text })),
};
