/**
 * What must not be cut: quoted names and texts, dollar-quoted blocks, comments; then the end of a
 * statement.
 */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\$\$[\s\S]*?\$\$|--[^\n]*|\/\*[\s\S]*?\*\/|;/g;

/**
 * Gives the statements of a script, each with the comments before it; comments after the last are
 * left out.
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let begin = 0;
  for (const { 0: text, index } of sql.matchAll(token)) {
    if (text !== ";") continue;
    statements.push(sql.slice(begin, index + 1).trim());
    begin = index + 1;
  }
  const rest = sql.slice(begin).trim();
  return withoutComments(rest) === "" ? statements : [...statements, rest];
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, "").trim();
}
