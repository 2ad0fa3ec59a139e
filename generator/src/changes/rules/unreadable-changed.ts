import type { Rule } from "../rule.js";

/** Something else is done with what cannot be read. */
export const unreadableChanged: Rule = {
  title: "`onUnreadable` changed",
  class: "once-deployed",
  why: "Whether bytes that cannot be read are kept aside before they are replaced, and for how long, is up to the version that replaces them. What is aside already stays for its time.",
  instead:
    "Rely on it when no older version runs any more; and take quarantine away in a release of its own, in which nothing of the schema changes: what one version cannot read of the other, it could not put back.",
  example: {
    before: 'onUnreadable: "quarantine"',
    after: 'onUnreadable: "forget"',
  },
  find: ({ before, after }) => {
    const [was, is] = [before, after].map(({ snapshot: { onUnreadable = "forget" } }) =>
      typeof onUnreadable === "string"
        ? JSON.stringify(onUnreadable)
        : `kept for ${onUnreadable.quarantine / 3_600_000} hours`,
    );
    if (was === is) return [];
    return [{ path: "onUnreadable", at: ["onUnreadable"], summary: `onUnreadable was ${was} and is ${is}` }];
  },
};
