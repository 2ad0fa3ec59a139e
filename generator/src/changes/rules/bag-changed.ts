import type { Comparison } from "../comparison.js";
import type { Rule } from "../rule.js";

/** What middleware keeps in sessions is in another field. */
export const bagChanged: Rule = {
  title: "The `bag` of Express's glue came, went, or is another field",
  class: "breaking",
  otherwise: {
    "once-deployed": "where there was none",
    safe: "where it is the same field, renamed with `was`",
  },
  why: "What middleware written for express-session keeps in a session, and the schema does not name, is in this field. What is there stays where it is, and a version that looks in another field does not see it.",
  loss: {
    what: "what middleware has kept in sessions: logins, messages, tokens",
    who: "every session that has something of it",
    until: "the middleware puts it there anew",
  },
  instead: "Rename the field with `was`, instead of naming another one.",
  example: {
    before:
      'schema: z.object({ extra: z.record(z.string(), z.unknown()).default({}), more: z.record(z.string(), z.unknown()).default({}) }), frameworks: [{ name: "express", compat: "express-session", bag: "extra" }]',
    after:
      'schema: z.object({ extra: z.record(z.string(), z.unknown()).default({}), more: z.record(z.string(), z.unknown()).default({}) }), frameworks: [{ name: "express", compat: "express-session", bag: "more" }]',
  },
  find: ({ before, after, parts }) =>
    namesOf(before, after).flatMap((name) => {
      const [was, is] = [before, after].map(({ snapshot }) => snapshot.glue?.[name]?.bag);
      if (was === is) return [];
      const isRenamed = parts.renamed.some(
        (pair) => pair.after.kind === "field" && pair.before.path === was && pair.after.path === is,
      );
      const grade = isRenamed ? "safe" : was === undefined ? "once-deployed" : undefined;
      return [
        {
          path: `frameworks.${name}.bag`,
          at: ["frameworks"],
          summary: `The bag was ${was ?? "nothing"} and is ${is ?? "nothing"}`,
          ...(grade && { class: grade }),
        },
      ];
    }),
};

/** The frameworks whose glue has something to compare in either. */
function namesOf(...states: readonly Comparison["before"][]): readonly string[] {
  return [...new Set(states.flatMap(({ snapshot }) => Object.keys(snapshot.glue ?? {})))];
}
