import { relative } from "node:path";
import { type Judged, stops } from "./judged.js";
import { classText, lossText } from "./words.js";

/**
 * Writes a change as a command of GitHub Actions, which shows it beside the line.
 * @param root - of the repository: what paths are relative to
 */
export function annotation(change: Judged, root: string): string {
  const { where, loss, instead, rule, summary, accepted, class: one } = change;
  const level = stops(change) ? "error" : one === "safe" || accepted ? "notice" : "warning";
  const properties = Object.entries({
    file: where.file && relative(root, where.file).replaceAll("\\", "/"),
    line: where.line,
    col: where.column,
    title: `sessgen: ${rule}`,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${property(String(value))}`]));
  const message = [
    `${summary} – ${classText(change)}${accepted ? ", accepted" : ""}.`,
    ...(loss === undefined ? [] : [`Lost: ${lossText(loss)}`]),
    ...(instead === undefined ? [] : [`Safely: ${instead}`]),
  ];
  return `::${level} ${properties.join(",")}::${data(message.join("\n"))}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
