import { optionChanges } from "../backend-options.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";

/** The backend keeps sessions in another place, or in another way. */
export const backendMoved: Rule = {
  title: "The backend keeps sessions elsewhere: prefix, table, schema, collection, folder, file, mode",
  class: "breaking",
  why: "Sessions stay where they are; the newer version looks elsewhere. Another variable with the same value changes nothing: `--accept backend-moved` says that it is so.",
  loss: everybody,
  instead:
    "Rename the table, the folder or the keys on the server while nobody is served, or keep the place.",
  example: {
    before: 'backend: { kind: "file", directory: "sessions" }',
    after: 'backend: { kind: "file", directory: "other-sessions" }',
  },
  find: (comparison) =>
    optionChanges(comparison, "place").map(({ path, at, summary }) => ({ path, at, summary })),
};
