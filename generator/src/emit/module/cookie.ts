import type { CodeFile } from "../../code/code-file.js";
import type { Doc } from "../../code/doc.js";
import { memberKey } from "../../code/names.js";
import { tallObject } from "../../code/syntax.js";
import type { ResolvedCookie } from "../../config/options/cookie.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import { optionCode, usesEnv } from "./option-code.js";

/** Says how the cookie is set, as an expression. */
export function cookieCode(file: CodeFile, { cookie, cookies, onStoreError }: ResolvedConfig): Doc {
  if (cookies === undefined) return oneCookie(file, cookie, onStoreError === "null-session");
  const entries = Object.entries(cookies).map(
    ([environment, one]): Doc => [
      `${memberKey(environment)}: `,
      // The secrets of the other environments are missing in this one.
      oneCookie(file, one, true, environment),
    ],
  );
  return [file.use("@sessgen/runtime", "byEnvironment"), "(", tallObject(entries), ")"];
}

/** @param late - secrets are asked for when they are needed, and may be missing until then */
function oneCookie(file: CodeFile, cookie: ResolvedCookie, late: boolean, entry?: string): Doc {
  const env = (): string => file.use("@sessgen/runtime", "env");
  const members = Object.entries(cookie).flatMap(([name, value]): Doc[] => {
    if (value === undefined) return [];
    const isLate = late && name === "secrets" && (entry !== undefined || usesEnv(value));
    return [[`${memberKey(name)}: `, isLate ? "() => " : "", optionCode(value, { env, entry })]];
  });
  return tallObject(members);
}
