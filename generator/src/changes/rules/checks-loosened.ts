import type { Rule } from "../rule.js";

/** Values are let through that were refused. */
export const checksLoosened: Rule = {
  title: "Bounds, a format or a pattern let values through that were refused",
  class: "once-deployed",
  why: "An older version reads such a value from packed sessions, and refuses to change the field in place (`SessionFieldError`). From json and msgpack it reads the field as absent.",
  instead: "Assign such values when no older version runs any more.",
  example: {
    before: "schema: z.object({ tags: z.array(z.string().max(8)).default([]) })",
    after: "schema: z.object({ tags: z.array(z.string()).default([]) })",
  },
  find: ({ checks }) =>
    checks
      .filter(({ looser }) => looser.length > 0)
      .map(({ path, looser }) => ({
        path,
        summary: `${path} is checked less strictly: no ${looser.join(", no ")}`,
      })),
};
