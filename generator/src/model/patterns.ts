import type { Pattern, StringFormat } from "./model.js";

const octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const group = "[0-9a-fA-F]{1,4}";
const lastTwo = `(?:${group}:${group}|(?:${octet}\\.){3}${octet})`;

/**
 * RFC 3986, section 3.2.2: eight groups, of which `::` stands for any number, the last two perhaps
 * as an IPv4 address.
 */
const address = [
  `(?:${group}:){6}${lastTwo}`,
  `::(?:${group}:){5}${lastTwo}`,
  `(?:${group})?::(?:${group}:){4}${lastTwo}`,
  `(?:(?:${group}:){0,1}${group})?::(?:${group}:){3}${lastTwo}`,
  `(?:(?:${group}:){0,2}${group})?::(?:${group}:){2}${lastTwo}`,
  `(?:(?:${group}:){0,3}${group})?::${group}:${lastTwo}`,
  `(?:(?:${group}:){0,4}${group})?::${lastTwo}`,
  `(?:(?:${group}:){0,5}${group})?::${group}`,
  `(?:(?:${group}:){0,6}${group})?::`,
].join("|");

/**
 * Formats that Zod 4 checks with a function, as patterns: what it publishes as patterns of them is
 * looser, or stricter, than what it checks.
 */
export const checkedByFunction: Readonly<Partial<Record<StringFormat, RegExp>>> = {
  base64: /^(?:[0-9a-zA-Z+/]{4})*(?:[0-9a-zA-Z+/]{2}==|[0-9a-zA-Z+/]{3}=)?$/,
  base64url: /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/,
  ipv6: new RegExp(`^(?:${address})$`),
  cidrv6: new RegExp(`^(?:${address})/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])$`),
  /** Three parts of base64url, the last one empty for unsigned tokens. */
  jwt: /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/,
};

/** A text that must begin so: for schemas that ask for more than one beginning. */
export function beginningPattern(text: string): Pattern {
  return { source: `^${escaped(text)}`, flags: "" };
}

/** A text that must end so. */
export function endingPattern(text: string): Pattern {
  return { source: `${escaped(text)}$`, flags: "" };
}

/** A text that contains the part at the position or after it. */
export function laterPattern(part: string, position: number): Pattern {
  return { source: `^[^]{${Math.max(0, position)},}${escaped(part)}`, flags: "" };
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}/]/g, "\\$&");
}
