import type { Rule } from "../rule.js";

/** Sessions are written in another format. */
export const serializerChanged: Rule = {
  title: "The serializer changed",
  class: "safe",
  otherwise: { "once-deployed": "from packed to json or msgpack" },
  why: "Every version reads every format, and writes its own. What a version does not know it keeps, but in packed sessions by slot and in the others by name: of what a newer version added, an older one that writes another format keeps nothing.",
  instead: "From packed to another one, change nothing else in the same release.",
  isLeftBehind: true,
  example: {
    before: 'schema: z.object({ visits: z.int().default(0) }), serializer: "json"',
    after: 'schema: z.object({ visits: z.int().default(0) }), serializer: "packed"',
  },
  find: ({ before, after }) => {
    const [was, is] = [before.snapshot.serializer, after.snapshot.serializer];
    if (was === is) return [];
    const found = {
      path: "serializer",
      at: ["serializer"],
      summary: `Sessions were written as ${was} and are as ${is}`,
    };
    return [was === "packed" ? { ...found, class: "once-deployed" } : found];
  },
};
