import { ofEnvironment } from "../environments.js";
import type { Rule } from "../rule.js";

/** Unsigned cookies are no longer taken. */
export const unsignedRefused: Rule = {
  title: "`acceptUnsigned` was taken away",
  class: "breaking",
  why: "Whoever has not come since cookies are signed still has an unsigned one.",
  loss: {
    what: "the session as a whole",
    who: "users who have not come since cookies are signed",
    until: "they log in again",
  },
  instead:
    "Wait until the lifetime of the unsigned sessions is over, permanent ones included; then nobody is left, and `--accept unsigned-refused` says so.",
  example: {
    before: 'cookie: { name: "__Host-session", secrets: [env("SECRET")], acceptUnsigned: true }',
    after: 'cookie: { name: "__Host-session", secrets: [env("SECRET")] }',
  },
  find: ({ cookies }) =>
    cookies
      .filter(
        ({ before, after }) =>
          before.acceptUnsigned === true && after.acceptUnsigned !== true && after.secrets !== undefined,
      )
      .map(({ name, at }) => ({
        path: "cookie.acceptUnsigned",
        at,
        summary: `Unsigned cookies${ofEnvironment(name)} are not taken any more`,
      })),
};
