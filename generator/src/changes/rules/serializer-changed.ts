import type { Rule } from "../rule.js";

/** Sessions are written in another format. */
export const serializerChanged: Rule = {
  title: "The serializer changed",
  class: "safe",
  otherwise: { "once-deployed": "from packed to json or msgpack" },
  why: "Every version reads every format, and writes its own. Of the three, packed alone keeps nested properties that a version does not know: from the first write in another format on, an older version that changes an object drops them.",
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
