import { regexes } from "zod/v4/core";
import type { Pattern, StringFormat, StringType } from "../model.js";
import { type Def, greatest, least, numberOf, optional, stringOf } from "../reflect.js";
import { patternOf } from "../zod4/string.js";

/**
 * Zod 3 keeps its patterns to itself: these are the ones its successor publishes. Zod 3's `uuid` takes any version,
 * which Zod 4 calls `guid`.
 */
const patterns: Readonly<Partial<Record<StringFormat, RegExp>>> = {
  email: regexes.email,
  uuid: regexes.guid,
  nanoid: regexes.nanoid,
  cuid: regexes.cuid,
  cuid2: regexes.cuid2,
  ulid: regexes.ulid,
  ipv4: regexes.ipv4,
  ipv6: regexes.ipv6,
  cidrv4: regexes.cidrv4,
  cidrv6: regexes.cidrv6,
  base64: regexes.base64,
  base64url: regexes.base64url,
  emoji: regexes.emoji(),
  date: regexes.date,
  duration: regexes.duration,
  jwt: /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/,
};

/** `z.string()` with all its checks. */
export function readString(checks: readonly Def[]): StringType {
  let format: StringFormat | undefined;
  let minLength: number | undefined;
  let maxLength: number | undefined;
  const found: Pattern[] = [];
  const includes: string[] = [];
  let startsWith: string | undefined;
  let endsWith: string | undefined;
  const use = (name: StringFormat, pattern = patterns[name]): void => {
    format ??= name;
    if (pattern !== undefined) found.push(patternOf(pattern));
  };
  for (const check of checks) {
    const value = numberOf(check["value"]);
    const version = check["version"] === "v6" ? "v6" : "v4";
    switch (check["kind"]) {
      case "min":
        minLength = greatest(minLength, value);
        break;
      case "max":
        maxLength = least(maxLength, value);
        break;
      case "length":
        minLength = greatest(minLength, value);
        maxLength = least(maxLength, value);
        break;
      case "includes":
        includes.push(stringOf(check["value"]) ?? "");
        break;
      case "startsWith":
        startsWith = stringOf(check["value"]);
        break;
      case "endsWith":
        endsWith = stringOf(check["value"]);
        break;
      case "regex":
        if (check["regex"] instanceof RegExp) found.push(patternOf(check["regex"]));
        break;
      case "datetime":
        use("datetime", regexes.datetime(timeOptions(check)));
        break;
      case "time":
        use("time", regexes.time(timeOptions(check)));
        break;
      case "ip":
        use(`ip${version}`);
        break;
      case "cidr":
        use(`cidr${version}`);
        break;
      case "url":
        use("url");
        break;
      default: {
        const name = Object.keys(patterns).find((candidate) => candidate === check["kind"]);
        if (name !== undefined) use(name as StringFormat);
      }
    }
  }
  return {
    kind: "string",
    patterns: found,
    ...optional("format", format),
    ...optional("minLength", minLength),
    ...optional("maxLength", maxLength),
    ...optional("includes", includes.length === 0 ? undefined : includes),
    ...optional("startsWith", startsWith),
    ...optional("endsWith", endsWith),
  };
}

function timeOptions(check: Def): { precision: number | null; offset: boolean; local: boolean } {
  return {
    precision: numberOf(check["precision"]) ?? null,
    offset: check["offset"] === true,
    local: check["local"] === true,
  };
}
