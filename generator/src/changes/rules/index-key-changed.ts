import { secretsChange } from "../environments.js";
import { indexKeysOf } from "../indexes.js";
import type { Found, Rule } from "../rule.js";

/** Values of hashed indexes are hashed with another secret. */
export const indexKeyChanged: Rule = {
  title: "Hashed indexes are made with another secret",
  class: "step",
  steps: ["two-deploys"],
  otherwise: { breaking: "of a secret that goes" },
  why: 'Values of `index: "hashed"` are hashed with the first secret: of the encryption, else of the cookie. They are looked for with every secret that a version has, and as they were without one.',
  loss: {
    what: "sessions in the older version's lookups: its `destroyBy` leaves users logged in",
    who: "sessions that the newer version has written",
    until: "no older version runs any more",
  },
  instead:
    "First behind the others, everywhere; then in front. A secret that is the first of all comes when the older version looks nobody up.",
  example: {
    before: `schema: z.object({ user: z.string().optional() }),
fields: { user: { index: "hashed" } },
cookie: { name: "__Host-session", secrets: [env("SECRET")] }`,
    after: `schema: z.object({ user: z.string().optional() }),
fields: { user: { index: "hashed" } },
cookie: { name: "__Host-session", secrets: [env("NEW_SECRET"), env("SECRET")] }`,
  },
  find: (comparison) => {
    const hashed = Object.entries(comparison.after.snapshot.indexes).filter(
      ([path, { hashed }]) => hashed && comparison.before.snapshot.indexes[path]?.hashed === true,
    );
    const { before, after } = indexKeysOf(comparison);
    const { first, writer, readers } = secretsChange(before, after);
    const gone = [...(writer === undefined ? [] : [writer]), ...readers];
    return hashed.flatMap(([path]): Found[] => {
      const at = ["fields", path, "index"];
      return [
        ...(first === undefined
          ? []
          : [{ path, at, summary: `The index on ${path} is made with ${first} now` }]),
        ...gone.map(
          (name): Found => ({
            path,
            at,
            summary: `The index on ${path} is not looked up with ${name} any more`,
            class: "breaking",
            loss: {
              what: "sessions in lookups: `destroyBy` leaves users logged in",
              who: "sessions that were not written since another secret is in front",
              until: "they are written again",
            },
          }),
        ),
      ];
    });
  },
};
