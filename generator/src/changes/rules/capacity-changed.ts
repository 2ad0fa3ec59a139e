import { isLower, optionChanges } from "../backend-options.js";
import type { Rule } from "../rule.js";

/** The backend keeps another number of sessions. */
export const capacityChanged: Rule = {
  title: "The backend has room for another number of sessions: `maxEntries`, `maxBytes` of memory, `mapSize`",
  class: "breaking",
  otherwise: { safe: "where there is room for more" },
  why: "Beyond the bound, the sessions that were used longest ago go, though their users are still there; with LMDB, no session begins or grows.",
  loss: {
    what: "the session as a whole",
    who: "users beyond the new bound, those first who have been away longest",
    until: "they log in again",
  },
  instead:
    "`npx sessgen stats` says how many live sessions there are. Lower the bound to no less than that, or wait until it is so.",
  example: {
    before: 'backend: { kind: "file", directory: "sessions" }',
    after: 'backend: { kind: "file", directory: "sessions", maxEntries: 100 }',
  },
  find: (comparison) =>
    optionChanges(comparison, "entries").map(({ kind, option, before, after, path, at, summary }) => ({
      path,
      at,
      summary,
      ...(isLower(before, after, initial[`${kind} ${option}`] ?? Number.POSITIVE_INFINITY)
        ? {}
        : { class: "safe" as const }),
    })),
};

/** What holds without the option; where there is no bound, none. */
const initial: Readonly<Record<string, number>> = {
  "memory maxEntries": 100_000,
  "memory maxBytes": 256 * 2 ** 20,
};
