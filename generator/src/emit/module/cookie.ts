import type { CodeBlockWriter } from "ts-morph";
import { memberKey } from "../../code/names.js";
import type { ResolvedCookie } from "../../config/options/cookie.js";
import type { ResolvedConfig } from "../../config/resolved.js";
import { optionText } from "./option-text.js";

/** Whether a secret of a cookie is read from the environment. */
export function hasCookieSecrets({ cookie, cookies = { default: cookie } }: ResolvedConfig): boolean {
  return Object.values(cookies).some(({ secrets = [] }) => secrets.length > 0);
}

/** Writes the member of the options that says how the cookie is set. */
export function writeCookie(out: CodeBlockWriter, config: ResolvedConfig): void {
  const { cookie, cookies } = config;
  out.write("cookie: ");
  if (cookies === undefined) writeOptions(out, cookie, config.onStoreError === "null-session");
  else {
    out.write("byEnvironment(").inlineBlock(() => {
      for (const [environment, one] of Object.entries(cookies)) {
        out.write(`${memberKey(environment)}: `);
        // Those of the other environments are missing in this one.
        writeOptions(out, one, true, environment);
        out.write(",").newLine();
      }
    });
    out.write(")");
  }
  out.write(",").newLine();
}

/** @param late - secrets are asked for when they are needed, and may be missing until then */
function writeOptions(out: CodeBlockWriter, cookie: ResolvedCookie, late: boolean, entry?: string): void {
  out.inlineBlock(() => {
    for (const [name, value] of Object.entries(cookie)) {
      if (value === undefined) continue;
      const before = late && name === "secrets" ? "() => " : "";
      out.writeLine(`${memberKey(name)}: ${before}${optionText(value, entry)},`);
    }
  });
}
