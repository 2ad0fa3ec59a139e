import type { Rule } from "../rule.js";

/** Sessions are compressed that were not, or from another size on. */
export const compressionChanged: Rule = {
  title: "`compression` changed",
  class: "safe",
  why: "What is compressed says so itself, and is read with and without the option; each version writes as its own option says.",
  isLeftBehind: true,
  example: {
    before: "schema: z.object({ text: z.string().optional() })",
    after: "schema: z.object({ text: z.string().optional() }), compression: { above: 64 }",
  },
  find: ({ before, after }) => {
    const [was, is] = [before, after].map(({ snapshot: { compression } }) =>
      compression === undefined ? "not compressed" : `compressed above ${compression.above} bytes`,
    );
    if (was === is) return [];
    return [{ path: "compression", at: ["compression"], summary: `Sessions were ${was} and are ${is}` }];
  },
};
