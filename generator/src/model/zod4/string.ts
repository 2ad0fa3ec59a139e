import type { Pattern, StringFormat, StringType } from "../model.js";
import { beginningPattern, checkedByFunction, endingPattern, laterPattern } from "../patterns.js";
import { type Def, greatest, least, numberOf, optional, stringOf } from "../reflect.js";

/** Formats that Zod reports under several names, and the one they have in the model. */
const formats: Readonly<Record<string, StringFormat>> = {
  email: "email",
  url: "url",
  uuid: "uuid",
  guid: "guid",
  nanoid: "nanoid",
  cuid: "cuid",
  cuid2: "cuid2",
  ulid: "ulid",
  xid: "xid",
  ksuid: "ksuid",
  ipv4: "ipv4",
  ipv6: "ipv6",
  cidrv4: "cidrv4",
  cidrv6: "cidrv6",
  mac: "mac",
  base64: "base64",
  base64url: "base64url",
  e164: "e164",
  jwt: "jwt",
  emoji: "emoji",
  hostname: "hostname",
  hex: "hex",
  date: "date",
  time: "time",
  datetime: "datetime",
  duration: "duration",
  lowercase: "lowercase",
  uppercase: "uppercase",
};

/** What `z.url()` makes of a text: nothing around it, and no tab or line break in it. */
const trimmed = /^\S(?:[^\t\n\r]*\S)?$/;

/** Reads `z.string()`, `z.email()`, … with all their checks. */
export function readString(checks: readonly Def[]): StringType {
  let format: StringFormat | undefined;
  let minLength: number | undefined;
  let maxLength: number | undefined;
  const patterns: Pattern[] = [];
  const includes: string[] = [];
  let startsWith: string | undefined;
  let endsWith: string | undefined;
  for (const check of checks) {
    switch (check["check"]) {
      case "min_length":
        minLength = greatest(minLength, numberOf(check["minimum"]));
        break;
      case "max_length":
        maxLength = least(maxLength, numberOf(check["maximum"]));
        break;
      case "length_equals":
        minLength = greatest(minLength, numberOf(check["length"]));
        maxLength = least(maxLength, numberOf(check["length"]));
        break;
      case "string_format": {
        const name = stringOf(check["format"]) ?? "";
        format ??= formats[name];
        if (name === "includes") {
          const part = stringOf(check["includes"]) ?? "";
          const position = numberOf(check["position"]);
          if (position === undefined) includes.push(part);
          else patterns.push(laterPattern(part, position));
        } else if (name === "starts_with") {
          if (startsWith !== undefined) patterns.push(beginningPattern(startsWith));
          startsWith = stringOf(check["prefix"]);
        } else if (name === "ends_with") {
          if (endsWith !== undefined) patterns.push(endingPattern(endsWith));
          endsWith = stringOf(check["suffix"]);
        } else {
          const known = formats[name];
          // Zod gives out a URL without what stands around it.
          if (known === "url") patterns.push(patternOf(trimmed));
          const expression = (known && checkedByFunction[known]) ?? check["pattern"];
          if (expression instanceof RegExp) patterns.push(patternOf(expression));
        }
        break;
      }
    }
  }
  return {
    kind: "string",
    patterns,
    ...optional("format", format),
    ...optional("minLength", minLength),
    ...optional("maxLength", maxLength),
    ...optional("includes", includes.length === 0 ? undefined : includes),
    ...optional("startsWith", startsWith),
    ...optional("endsWith", endsWith),
  };
}

/**
 * Gives a regular expression as data, without the flags that make it remember where it stopped. One
 * with `y` fits only where it stands: at the beginning.
 */
export function patternOf({ source, flags, sticky }: RegExp): Pattern {
  return { source: sticky ? `(?<![^])(?:${source})` : source, flags: flags.replace(/[gy]/g, "") };
}
