import type { StringFormat, StringType } from "../model.js";
import { type Def, numberOf, stringOf } from "../reflect.js";
import { StringRules } from "../string-rules.js";
import { datetimePattern, either, patterns, type TimeOptions, timePattern } from "./patterns.js";

/** Reads `z.string()` with all its checks. */
export function readString(checks: readonly Def[]): StringType {
  const rules = new StringRules();
  for (const check of checks) {
    const value = numberOf(check["value"]);
    switch (check["kind"]) {
      case "min":
        rules.atLeast(value);
        break;
      case "max":
        rules.atMost(value);
        break;
      case "length":
        rules.atLeast(value);
        rules.atMost(value);
        break;
      case "includes":
        rules.includes(stringOf(check["value"]), numberOf(check["position"]));
        break;
      case "startsWith":
        rules.startsWith(stringOf(check["value"]));
        break;
      case "endsWith":
        rules.endsWith(stringOf(check["value"]));
        break;
      case "regex":
        if (check["regex"] instanceof RegExp) rules.matches(check["regex"]);
        break;
      default:
        readFormat(String(check["kind"]), check, rules);
    }
  }
  return rules.type();
}

function readFormat(kind: string, check: Def, rules: StringRules): void {
  const { version } = check;
  const use = (name: StringFormat, pattern = patterns[name]): void => {
    rules.format(name);
    if (pattern !== undefined) rules.matches(pattern);
  };
  switch (kind) {
    case "datetime":
      return use("datetime", datetimePattern(timeOptions(check)));
    case "time":
      return use("time", timePattern(timeOptions(check)));
    case "ip":
      if (version === "v4" || version === "v6") return use(`ip${version}`);
      return rules.matches(either(patterns.ipv4, patterns.ipv6));
    case "cidr":
      if (version === "v4" || version === "v6") return use(`cidr${version}`);
      return rules.matches(either(patterns.cidrv4, patterns.cidrv6));
    case "url":
      return use("url");
    default: {
      const name = Object.keys(patterns).find((candidate) => candidate === kind);
      if (name !== undefined) use(name as StringFormat);
    }
  }
}

function timeOptions(check: Def): TimeOptions {
  return {
    precision: numberOf(check["precision"]),
    offset: check["offset"] === true,
    local: check["local"] === true,
  };
}
