/**
 * Indents code that the codec's emitters write line by line: a line that ends with an opening
 * bracket begins a block, one that starts with a closing bracket ends it, and what follows a `case`
 * belongs to it. ts-morph's formatter gives the same, in a tenth of a second.
 */
export function indent(code: string): string {
  let depth = 0;
  /** Depths at which a `switch` has a `case` open. */
  const cases: number[] = [];
  return code
    .split("\n")
    .map((raw) => {
      const line = raw.trim();
      if (line === "") return "";
      const closes = /^[}\])]/.test(line);
      const label = /^(case .*|default):$/.test(line);
      if (closes) {
        depth -= 1;
        if (cases.at(-1) === depth + 1) {
          // The end of a switch ends its last case, too.
          cases.pop();
        }
      }
      const inCase = cases.length;
      const shown = `${"  ".repeat(depth + inCase - (label && cases.at(-1) === depth ? 1 : 0))}${line}`;
      if (label && cases.at(-1) !== depth) cases.push(depth);
      if (/[{[(]$/.test(line)) depth += 1;
      return shown.startsWith("  ") && /^\* /.test(line) ? ` ${shown}` : shown;
    })
    .join("\n");
}
