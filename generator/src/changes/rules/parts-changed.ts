import type { Rule } from "../rule.js";

/** Another module brings parts of the machinery. */
export const partsChanged: Rule = {
  title: "The module of `parts` came, went, or is another one",
  class: "breaking",
  why: "What it exports takes the place of how keys are derived, where sessions are stored, how they are written and how they travel. The lock does not know which of these it is.",
  loss: {
    what: "the session as a whole, if keys, store, serializer or transport are not as they were",
    who: "everybody who has one",
    until: "they log in again",
  },
  instead:
    "Look at what the module exports. `clock`, `generateId` and `onError` lose nothing: `--accept parts-changed` says that it is so.",
  example: {
    before: "schema: z.object({ visits: z.int().default(0) })",
    after: 'schema: z.object({ visits: z.int().default(0) }), parts: "./src/session-parts.ts"',
  },
  find: ({ before, after }) => {
    const [was, is] = [before.snapshot.parts ?? "nothing", after.snapshot.parts ?? "nothing"];
    if (was === is) return [];
    return [{ path: "parts", at: ["parts"], summary: `parts was ${was} and is ${is}` }];
  },
};
