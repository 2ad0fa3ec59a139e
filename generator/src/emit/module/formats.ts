import { type FormatName, formatPatterns } from "@sessgen/runtime/formats";
import type { Pattern } from "../../model/model.js";

const names = Object.keys(formatPatterns) as FormatName[];

/** Gives the runtime's predicate that tests exactly this pattern, if it has one. */
export function formatOf({ source, flags }: Pattern): FormatName | undefined {
  return names.find((name) => formatPatterns[name].source === source && formatPatterns[name].flags === flags);
}
