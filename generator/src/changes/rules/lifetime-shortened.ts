import { lifetimesOf } from "../lifetimes.js";
import type { Rule } from "../rule.js";

/** Sessions end earlier. */
export const lifetimeShortened: Rule = {
  title: "A lifetime was shortened",
  class: "breaking",
  otherwise: { safe: "of an idle lifetime: sessions get the shorter one with their next use" },
  why: "The absolute lifetime counts from the beginning of a session: those that are older than the new one end with the next request, in the middle of what their users do.",
  loss: {
    what: "the session as a whole",
    who: "everybody whose session is older than the new lifetime",
    until: "they log in again",
  },
  instead: "Shorten it in steps, or at an hour when few are at work.",
  example: {
    before: 'lifetime: { idle: "1h", absolute: "12h" }',
    after: 'lifetime: { idle: "1h", absolute: "4h" }',
  },
  find: (comparison) =>
    lifetimesOf(comparison)
      .filter(({ before, after }) => after < before)
      .map(({ path, text }) => ({
        path: path.join("."),
        at: path,
        summary: text,
        ...(path.at(-1) === "idle" && { class: "safe" }),
      })),
};
