import type { Rule } from "../rule.js";

/** New ids have another length. */
export const idBytesChanged: Rule = {
  title: "The length of ids changed",
  class: "safe",
  why: "Ids of every length are taken; sessions get one of the new length with their next id.",
  example: {
    before: "id: { bytes: 32 }",
    after: "id: { bytes: 24 }",
  },
  find: ({ before, after }) => {
    const [was, is] = [before, after].map(({ snapshot }) => snapshot.id?.bytes ?? 32);
    if (was === is) return [];
    return [{ path: "id.bytes", at: ["id", "bytes"], summary: `Ids had ${was} bytes and have ${is}` }];
  },
};
