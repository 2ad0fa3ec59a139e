import { followed } from "../identities.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";

/** The kind of sessions is called otherwise. */
export const kindRenamed: Rule = {
  title: "The kind of sessions (`name`) is called otherwise",
  class: "breaking",
  otherwise: {
    step: "with `previous`, which names what it was",
    safe: "where the older version has the coming one in its own `previous`",
  },
  why: "The name is part of what keys are made of, and of the cookie's name.",
  loss: everybody,
  instead: "Keep `name`; classes and folders can be renamed without it (`output`).",
  example: {
    before: 'name: "admin", schema: z.object({ visits: z.int().default(0) })',
    after: 'name: "staff", schema: z.object({ visits: z.int().default(0) })',
  },
  find: (comparison) => {
    const { before, after } = comparison;
    const [was, is] = [before.snapshot.name ?? "nothing", after.snapshot.name ?? "nothing"];
    if (was === is) return [];
    return [
      {
        path: "name",
        at: ["name"],
        summary: `The kind of sessions was called ${was} and is called ${is}`,
        ...followed(comparison),
      },
    ];
  },
};
