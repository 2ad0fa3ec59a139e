import { withoutBom } from "../text.js";

/** One reading of a file: the file itself, or one side of a merge that git could not do. */
export interface Side {
  readonly text: string;
  /** Where its lines stand in the file, counted from 1. */
  readonly lines: readonly number[];
}

/**
 * Takes the text apart where git left both sides of conflicts: ours first. One side where there is
 * no conflict. What both sides had before (`merge.conflictStyle` diff3) is left out.
 */
export function sidesOf(text: string): readonly Side[] {
  const ours: [string, number][] = [];
  const theirs: [string, number][] = [];
  let part: "both" | "ours" | "base" | "theirs" = "both";
  for (const [index, line] of withoutBom(text).split(/\r?\n/).entries()) {
    const marker = /^(<{7}|\|{7}|={7}|>{7})(?: |$)/.exec(line)?.[1]?.charAt(0);
    if (marker === "<" && part === "both") part = "ours";
    else if (marker === "|" && part === "ours") part = "base";
    else if (marker === "=" && (part === "ours" || part === "base")) part = "theirs";
    else if (marker === ">" && part === "theirs") part = "both";
    else {
      if (part === "both" || part === "ours") ours.push([line, index + 1]);
      if (part === "both" || part === "theirs") theirs.push([line, index + 1]);
    }
  }
  const sides = [ours, theirs].map((side) => ({
    text: side.map(([line]) => line).join("\n"),
    lines: side.map(([, number]) => number),
  }));
  return sides[0]?.text === sides[1]?.text ? sides.slice(0, 1) : sides;
}
