import { followed } from "../identities.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";
import { textName } from "../snapshot-form.js";

/** Keys are of another realm. */
export const realmChanged: Rule = {
  title: "The realm changed",
  class: "breaking",
  otherwise: {
    step: "with `previous`, which names what it was",
    safe: "where the older version has the coming one in its own `previous`",
  },
  why: "The realm is part of what keys, signatures and seals are made of. Another one makes everybody a stranger. Another variable with the same value changes nothing: `--accept realm-changed` says that it is so.",
  loss: everybody,
  example: {
    before: "schema: z.object({ visits: z.int().default(0) })",
    after: 'schema: z.object({ visits: z.int().default(0) }), realm: "staging"',
  },
  find: (comparison) => {
    const { before, after } = comparison;
    const [was, is] = [textName(before.snapshot.realm), textName(after.snapshot.realm)];
    if (was === is) return [];
    return [
      { path: "realm", at: ["realm"], summary: `The realm was ${was} and is ${is}`, ...followed(comparison) },
    ];
  },
};
