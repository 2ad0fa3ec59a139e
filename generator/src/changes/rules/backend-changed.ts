import { ofEnvironment } from "../environments.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";

/** An environment has another kind of backend. */
export const backendChanged: Rule = {
  title: "An environment has another kind of backend",
  class: "breaking",
  why: "Sessions stay where they are; the newer version looks elsewhere. While both versions run, users are logged in on one of them and not on the other.",
  loss: everybody,
  instead:
    "Change it at an hour when few are at work. Nothing moves sessions from one kind of backend to another.",
  example: {
    before: 'backend: { kind: "file", directory: "sessions" }',
    after: 'backend: { kind: "sqlite", file: "sessions.db" }',
  },
  find: ({ backends }) =>
    backends
      .filter(({ before, after }) => before.kind !== after.kind)
      .map(({ name, before, after, at }) => ({
        path: at.join("."),
        at,
        summary: `The backend${ofEnvironment(name)} was ${before.kind} and is ${after.kind}`,
      })),
};
