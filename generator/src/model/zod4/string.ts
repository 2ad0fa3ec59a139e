import type { StringFormat, StringType } from "../model.js";
import { checkedByFunction } from "../patterns.js";
import { type Def, numberOf, stringOf } from "../reflect.js";
import { StringRules } from "../string-rules.js";

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
  const rules = new StringRules();
  for (const check of checks) {
    switch (check["check"]) {
      case "min_length":
        rules.atLeast(numberOf(check["minimum"]));
        break;
      case "max_length":
        rules.atMost(numberOf(check["maximum"]));
        break;
      case "length_equals":
        rules.atLeast(numberOf(check["length"]));
        rules.atMost(numberOf(check["length"]));
        break;
      case "string_format":
        readFormat(stringOf(check["format"]) ?? "", check, rules);
        break;
    }
  }
  return rules.type();
}

function readFormat(name: string, check: Def, rules: StringRules): void {
  switch (name) {
    case "includes":
      return rules.includes(stringOf(check["includes"]), numberOf(check["position"]));
    case "starts_with":
      return rules.startsWith(stringOf(check["prefix"]));
    case "ends_with":
      return rules.endsWith(stringOf(check["suffix"]));
    default: {
      const known = formats[name];
      rules.format(known);
      // Zod gives out a URL without what stands around it.
      if (known === "url") rules.matches(trimmed);
      const expression = (known && checkedByFunction[known]) ?? check["pattern"];
      if (expression instanceof RegExp) rules.matches(expression);
    }
  }
}
