import { withoutNames } from "../../lock/stored-kind.js";
import { isRequired, type Part } from "../parts.js";
import type { Rule } from "../rule.js";
import type { UpcastForm } from "../snapshot-form.js";

/** What can be done without a function. */
const beside =
  "add one of the new type beside the old one, optional and under another name, fill it in from the old one as sessions come by, and remove the old one when their lifetime is over.";

/** What can be done where a type was tried and taken back. */
const takeBack =
  "Where the type in between was never deployed, take the lock of the version that is deployed, and run `npx sessgen` again.";

/** Something is stored in another way. */
export const typeChanged: Rule = {
  title: "The type of a field or a property changed",
  class: "breaking",
  otherwise: {
    safe: "where `upcast` has a step from the old type, with `down` in it and in those that follow",
    "once-deployed": "where one has no `down`: an older version goes on with what it had",
  },
  why: "The new type gets a slot of its own, for the old bytes would be misread. Each version reads what it wrote itself; json and msgpack, which store names, have room for one of the two, which is read as the other where it is valid as such.",
  loss: {
    what: "the value, which the newer version reads as absent or as its default",
    who: "every session that has one",
    until: "it is assigned anew; in json and msgpack it is then gone for the older version, too",
  },
  instead: `Give the field, or the property, the step: \`upcast: [{ from, module, export, down }]\`. Or ${beside}`,
  example: {
    before: "schema: z.object({ plan: z.string().optional() })",
    after: "schema: z.object({ plan: z.int().optional() })",
  },
  find: ({ parts }) =>
    [...parts.retyped, ...parts.returned].map(({ before, after }) => {
      const steps = stepsFrom(before, after);
      const from = before.path === after.path ? "" : `${before.path}, `;
      const isBack = before.type === after.type;
      const summary = `${after.path} was ${from}${before.type} and is ${after.type}${
        isBack ? " again, after another type, in another slot" : ""
      }`;
      if (steps.length > 0)
        return {
          path: after.path,
          summary,
          class: steps.every(({ down }) => down) ? ("safe" as const) : ("once-deployed" as const),
        };
      const found = { path: after.path, summary, ...(isBack && { instead: takeBack }) };
      if (after.kind === "field" || !isRequired(after)) return found;
      const loss = {
        what: `all of ${after.owner}, for what is stored has nothing of the new type`,
        who: "every session that has it",
        until: "it is assigned anew, which takes the old one away from the older version, too",
      };
      return { ...found, loss };
    }),
};

/** The steps that lead from the type that it had to the one that it has. */
function stepsFrom(before: Part, after: Part): readonly UpcastForm[] {
  const upcast = after.attributes?.upcast ?? [];
  // The first of its type, where there are several: the way back from today's may be that long.
  const first = upcast.findIndex(({ from }) => from === withoutNames(before.type));
  return first === -1 ? [] : upcast.slice(first);
}
