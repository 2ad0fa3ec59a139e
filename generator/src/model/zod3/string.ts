import type { Pattern, StringFormat, StringType } from "../model.js";
import { beginningPattern, endingPattern, laterPattern } from "../patterns.js";
import { type Def, greatest, least, numberOf, optional, stringOf } from "../reflect.js";
import { patternOf } from "../zod4/string.js";
import { datetimePattern, either, patterns, type TimeOptions, timePattern } from "./patterns.js";

/** Reads `z.string()` with all its checks. */
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
    const { version } = check;
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
        if (numberOf(check["position"]) === undefined) includes.push(stringOf(check["value"]) ?? "");
        else found.push(laterPattern(stringOf(check["value"]) ?? "", Number(check["position"])));
        break;
      case "startsWith":
        if (startsWith !== undefined) found.push(beginningPattern(startsWith));
        startsWith = stringOf(check["value"]);
        break;
      case "endsWith":
        if (endsWith !== undefined) found.push(endingPattern(endsWith));
        endsWith = stringOf(check["value"]);
        break;
      case "regex":
        if (check["regex"] instanceof RegExp) found.push(patternOf(check["regex"]));
        break;
      case "datetime":
        use("datetime", datetimePattern(timeOptions(check)));
        break;
      case "time":
        use("time", timePattern(timeOptions(check)));
        break;
      case "ip":
        if (version === "v4" || version === "v6") use(`ip${version}`);
        else found.push(patternOf(either(patterns.ipv4, patterns.ipv6)));
        break;
      case "cidr":
        if (version === "v4" || version === "v6") use(`cidr${version}`);
        else found.push(patternOf(either(patterns.cidrv4, patterns.cidrv6)));
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

function timeOptions(check: Def): TimeOptions {
  return {
    precision: numberOf(check["precision"]),
    offset: check["offset"] === true,
    local: check["local"] === true,
  };
}
