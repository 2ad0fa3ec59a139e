import { relative } from "node:path";
import type { Judged } from "./judged.js";
import { lineOf, lossText } from "./words.js";

/** Lays a change out for a human. */
export function changeText(change: Judged, cwd: string): string {
  const { where, loss, instead, why, accepted, class: one } = change;
  const place =
    where.file === undefined || where.line === undefined
      ? []
      : [`  ${relative(cwd, where.file)}:${where.line}:${where.column ?? 1}`];
  if (one === "safe") return [lineOf(change), ...place].join("\n");
  return [
    `${lineOf(change)}${accepted ? ", accepted" : ""}`,
    ...place,
    `  ${why}`,
    ...(loss === undefined ? [] : [`  Lost${one === "step" ? " otherwise" : ""}: ${lossText(loss)}`]),
    ...(instead === undefined ? [] : [`  Safely: ${instead}`]),
  ].join("\n");
}
