import type { Envelope, Where } from "../errors.js";

/** Colours text; what is not a terminal gets a palette that changes nothing. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

const same = (text: string): string => text;

/** No colours. */
const plain: Palette = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };

/** Lays a problem out for a human. */
export function problemText(problem: Envelope, cwd: string, palette: Palette = plain): string {
  const { severity, code, summary, why, fix, where } = problem;
  const label = severity === "error" ? palette.red("error") : palette.yellow("warning");
  const place = where === undefined ? "" : placeText(where, cwd);
  return [
    `${label} ${palette.bold(summary)} ${palette.dim(`[${code}]`)}`,
    ...(place === "" ? [] : [`  ${palette.cyan(place)}`]),
    `  ${why}`,
    `  ${fix}`,
    "",
  ].join("\n");
}

/** `session.config.ts:12:3 (lifetime.idle)`: what terminals and editors make clickable. */
function placeText({ file, line, column, path }: Where, cwd: string): string {
  const relative = file?.startsWith(`${cwd}/`) ? file.slice(cwd.length + 1) : file;
  const position = [relative, line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(":");
  return [position, path === undefined || path === "" ? "" : `(${path})`]
    .filter((part) => part !== "")
    .join(" ");
}
