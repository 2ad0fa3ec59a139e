import type { Rule } from "../rule.js";

/** A field went. */
export const fieldRemoved: Rule = {
  title: "A field was removed",
  class: "once-deployed",
  why: "Stored values are carried along and shown to nobody until their sessions end; if the field comes back, so do they. Older versions go on reading and writing it, and find it absent in sessions that the newer one began.",
  instead:
    "Let the application do without the field first. What must not stay stored takes a backfill, or the lifetime of sessions.",
  isLeftBehind: true,
  example: {
    before: "schema: z.object({ visits: z.int().default(0), coupon: z.string().optional() })",
    after: "schema: z.object({ visits: z.int().default(0) })",
  },
  find: ({ parts }) =>
    parts.removed
      .filter(({ kind }) => kind === "field")
      .map(({ path }) => ({ path, summary: `The field ${path} was removed` })),
};
