import { z } from "zod";
import { lineOf, type Policy } from "./policy.js";

export interface IdentityPolicy {
  /**
   * What of the value says which user it is, such as `"id"`, or `true` for the whole value; beside
   * `regenerate`. Another one is another user, and nobody where the field is absent: the session's
   * absolute lifetime begins anew then. Whoever edits the user's name stays.
   */
  readonly identity?: string | true;
}

export interface OnLoginPolicy {
  /**
   * What becomes of all other fields when a user comes to an anonymous session. Default `"keep"`:
   * the cart is still there. `"drop"` where what somebody did before the login is nobody's
   * business.
   */
  readonly onLogin?: "keep" | "drop";
}

export interface OnNewUserPolicy {
  /**
   * What becomes of all other fields when a user gives way to another one, or to nobody. Default
   * `"drop"`: the next user of the same browser gets nothing of the one before. `"keep"` where all
   * of them are one person, such as accounts that one switches between.
   */
  readonly onNewUser?: "drop" | "keep";
}

/** The way to the part is kept with the field, as its `identity`. */
export const identity: Policy<string | true> = {
  schema: z.union([z.string().min(1), z.literal(true)], {
    error: 'expected the name of a property such as "id", or true',
  }),
  problems: (_value, { regenerates }) =>
    regenerates ? [] : ['who the user is changes the session\'s id: give it regenerate: "on-change", too'],
  sentence: (value) => `${value === true ? "It" : `Its \`${value}\``} says whose session it is.`,
};

const needsIdentity: NonNullable<Policy<unknown>["problems"]> = (_value, { identified }) =>
  identified ? [] : ["it takes identity to know who the user is"];

export const onLogin: Policy<"keep" | "drop"> = {
  schema: z.enum(["keep", "drop"]),
  problems: needsIdentity,
  sentence: (value) => (value === "drop" ? "A login removes all other fields." : undefined),
  line: lineOf("onLogin"),
};

export const onNewUser: Policy<"drop" | "keep"> = {
  schema: z.enum(["drop", "keep"]),
  problems: needsIdentity,
  sentence: (value) => (value === "keep" ? "All other fields stay when another user comes." : undefined),
  line: lineOf("onNewUser"),
};
