import type { Rule } from "../rule.js";

/** Requests are answered otherwise while the store is away. */
export const storeErrorChanged: Rule = {
  title: "`onStoreError` changed",
  class: "safe",
  why: "While the store is out of reach, each version answers as its own option says: with an error, or with a session that reads as empty and refuses writes. What is stored stays as it is.",
  example: {
    before: "schema: z.object({ visits: z.int().default(0) })",
    after: 'schema: z.object({ visits: z.int().default(0) }), onStoreError: "null-session"',
  },
  find: ({ before, after }) => {
    const [was, is] = [before, after].map(({ snapshot }) => snapshot.onStoreError ?? "error");
    if (was === is) return [];
    return [
      { path: "onStoreError", at: ["onStoreError"], summary: `onStoreError was "${was}" and is "${is}"` },
    ];
  },
};
