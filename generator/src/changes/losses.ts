import type { Loss } from "./rule.js";

/** All are logged out. */
export const everybody: Loss = {
  what: "the session as a whole",
  who: "everybody who has one",
  until: "they log in again",
};
