import { formatPatterns } from "@sessgen/runtime/formats";
import type { Pattern, StringFormat } from "./model.js";

const { isBase64, isBase64url, isIpv6, isJwt } = formatPatterns;
/** The pattern of an address, without its `^` and `$`. */
const address = isIpv6.source.slice(1, -1);

/**
 * Formats that Zod 4 checks with a function, as patterns: what it publishes as patterns of them is
 * looser, or stricter, than what it checks.
 */
export const checkedByFunction: Readonly<Partial<Record<StringFormat, RegExp>>> = {
  base64: isBase64,
  base64url: isBase64url,
  ipv6: isIpv6,
  cidrv6: new RegExp(`^${address}/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])$`),
  /** Three parts of base64url, the last one empty for unsigned tokens. */
  jwt: isJwt,
};

/**
 * Gives a regular expression as data, without the flags that make it remember where it stopped. One
 * with `y` fits only where it stands: at the beginning.
 */
export function patternOf({ source, flags, sticky }: RegExp): Pattern {
  return { source: sticky ? `(?<![^])(?:${source})` : source, flags: flags.replace(/[gy]/g, "") };
}

/** Gives a text that must begin so: for schemas that ask for more than one beginning. */
export function beginningPattern(text: string): Pattern {
  return { source: `^${escaped(text)}`, flags: "" };
}

/** Gives a text that must end so. */
export function endingPattern(text: string): Pattern {
  return { source: `${escaped(text)}$`, flags: "" };
}

/** Gives a text that contains the part at the position or after it. */
export function laterPattern(part: string, position: number): Pattern {
  return { source: `^[^]{${Math.max(0, position)},}${escaped(part)}`, flags: "" };
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}/]/g, "\\$&");
}
