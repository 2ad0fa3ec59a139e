import { SessionError } from "../../errors.js";

/**
 * Gives an option that brings its own code, so that only applications that use it bundle it. Checks
 * that it does: options that were written by hand, without the function that makes it of them,
 * would do nothing.
 * @param member - which it has then
 * @param by - what makes it
 * @throws SessionError `session/invalid-part`
 */
export function handedOver<T extends object>(
  option: T,
  member: keyof T & string,
  name: string,
  by: string,
): T {
  if (typeof option[member] === "function") return option;
  throw new SessionError(
    "session/invalid-part",
    `The option \`${name}\` is to be what \`${by}(…)\` of @sessgen/runtime gives`,
  );
}
