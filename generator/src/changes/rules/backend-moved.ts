import { ofEnvironment } from "../environments.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";

/** Decides nothing about sessions that are stored already. */
const harmless: ReadonlySet<string> = new Set(["kind", "secrets", "file mode"]);

/** The backend keeps sessions in another place, or in another way. */
export const backendMoved: Rule = {
  title: "The backend keeps sessions elsewhere: prefix, table, schema, collection, folder, file, mode",
  class: "breaking",
  why: "Sessions stay where they are; the newer version looks elsewhere. Another variable with the same value changes nothing: `--accept backend-moved` says that it is so. The lock knows no addresses: that a server is another one it cannot tell.",
  loss: everybody,
  instead:
    "Rename the table, the folder or the keys on the server while nobody is served, or keep the place.",
  example: {
    before: 'backend: { kind: "file", directory: "sessions" }',
    after: 'backend: { kind: "file", directory: "other-sessions" }',
  },
  find: ({ backends }) =>
    backends
      .filter(({ before, after }) => before.kind === after.kind)
      .flatMap(({ name, before, after, at }) =>
        [...new Set([...Object.keys(before), ...Object.keys(after)])]
          .filter((option) => !harmless.has(option) && !harmless.has(`${before.kind} ${option}`))
          .filter((option) => text(before[option]) !== text(after[option]))
          .map((option) => ({
            path: [...at, option].join("."),
            at: [...at, option],
            summary: `${option} of the backend${ofEnvironment(name)} was ${text(before[option])} and is ${text(after[option])}`,
          })),
      ),
};

function text(value: unknown): string {
  return value === undefined ? "the default" : JSON.stringify(value);
}
