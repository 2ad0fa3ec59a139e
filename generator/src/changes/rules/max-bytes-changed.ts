import { isLower, optionChanges } from "../backend-options.js";
import type { Loss, Rule } from "../rule.js";

/** A session may take another number of bytes. */
export const maxBytesChanged: Rule = {
  title: "The most bytes that a session may take changed: `maxBytes`, or `maxChunks` of cookies",
  class: "breaking",
  otherwise: {
    "once-deployed":
      "where a server keeps more: an older version refuses to change a session that has grown beyond its own bound",
  },
  why: "What is larger than the bound is not stored: the commit is refused with `session/too-large`. What is larger already can still be read from a server, and be made smaller. What comes in more cookies than a version allows is no session to it, whichever of the two allows fewer.",
  loss: {
    what: "changes of a session that is larger than that, which are refused",
    who: "users whose session is larger than the new bound",
    until: "it is made smaller, or ends",
  },
  instead:
    "`npx sessgen stats` says how large sessions are. Have a release store less; when the lifetime of sessions is over, lower the bound.",
  example: {
    before: "schema: z.object({ text: z.string().optional() })",
    after: "schema: z.object({ text: z.string().optional() }), maxBytes: 512",
  },
  find: (comparison) => {
    const { before, after } = comparison;
    const [was, is] = [before, after].map(({ snapshot }) => snapshot.maxBytes);
    const own =
      was === is
        ? []
        : [
            {
              path: "maxBytes",
              at: ["maxBytes"],
              summary: `A session might take ${bytes(was)} and may take ${bytes(is)}`,
              ...(isLower(was, is, 2 ** 20) ? {} : { class: "once-deployed" as const }),
            },
          ];
    const ofBackends = optionChanges(comparison, "bytes").map((change) => ({
      path: change.path,
      at: change.at,
      summary: change.summary,
      ...(change.option === "maxChunks"
        ? { loss: inCookies(isLower(change.before, change.after, 2)) }
        : isLower(change.before, change.after, 2 ** 20)
          ? {}
          : { class: "once-deployed" as const }),
    }));
    return [...own, ...ofBackends];
  },
};

/** Who allows fewer cookies takes what came in more of them for none. */
function inCookies(isNewer: boolean): Loss {
  return {
    what: `the session as a whole, on the ${isNewer ? "newer" : "older"} version, which writes another one in its place`,
    who: "users whose session takes more cookies than it allows",
    until: isNewer ? "they log in again" : "no older version runs any more",
  };
}

function bytes(bound: number | undefined): string {
  return bound === undefined ? "1 MiB, the default" : `${bound} bytes`;
}
