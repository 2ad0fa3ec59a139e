import { closest } from "../closest.js";
import { SessgenError } from "../errors.js";
import type { Change } from "./compare.js";
import { isWithin } from "./parts.js";
import { rules } from "./rules/index.js";

/** Tells which changes somebody has looked at and wants all the same. */
export type Accepts = (change: Change) => boolean;

/**
 * Reads what `--accept` was given: rules, or `rule:path`, which counts for all below the path.
 * @throws SessgenError `changes/unknown-rule`
 */
export function acceptsOf(texts: readonly string[]): Accepts {
  for (const text of texts) {
    const [rule = ""] = text.split(":");
    if (rules.has(rule)) continue;
    const near = closest(rule, [...rules.keys()]);
    throw new SessgenError(
      "changes/unknown-rule",
      `There is no rule ${rule}`,
      near === undefined ? {} : { fix: `Did you mean ${near}?` },
    );
  }
  return ({ rule, path }) =>
    texts.some((text) => {
      const [of = "", ...rest] = text.split(":");
      const place = rest.join(":");
      return of === rule && (rest.length === 0 || place === path || isWithin(path, place));
    });
}
