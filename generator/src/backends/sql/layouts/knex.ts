import type { Dialect } from "../dialect.js";
import { splitStatements } from "../statements.js";
import type { Layout } from "./layout.js";

/** Knex: a module per migration, in CommonJS: what ends in `.mjs` it passes over. */
export const knex: Layout = {
  command: "npx knex migrate:latest",
  numbers: "time",
  snapshot: (name) => `${name}.snapshot.json`,
  files: async ({ name, up, down, noTransaction }, { dialect, folder, render }) => [
    {
      path: `${folder}/${name}.cjs`,
      content: await render("sql/layouts/knex.cjs.hbs", {
        name,
        noTransaction,
        up: partsOf(up, dialect),
        down: partsOf(down, dialect),
      }),
      kind: "once",
    },
  ],
};

/**
 * A statement as a template literal, with the comments before it; at the end perhaps comments
 * alone.
 */
interface Part {
  readonly comments: readonly string[];
  readonly statement: string;
}

function partsOf(script: string, dialect: Dialect): Part[] {
  const statements = splitStatements(script);
  const parts = statements.map((text): Part => {
    const [, comments = "", statement = ""] = /^((?:--[^\n]*\n|\s)*)([\s\S]*)$/.exec(text) ?? [];
    return { comments: linesOf(comments), statement: literal(statement.replace(/;$/, ""), dialect) };
  });
  const last = statements.at(-1);
  const rest = linesOf(last === undefined ? script : script.slice(script.lastIndexOf(last) + last.length));
  return rest.length === 0 ? parts : [...parts, { comments: rest, statement: "" }];
}

function linesOf(comments: string): string[] {
  return comments
    .split("\n")
    .filter((line) => line.startsWith("--"))
    .map((line) => line.slice(2).trimEnd());
}

/** Where Knex takes a question mark for a parameter, it does not with a backslash before it. */
function literal(statement: string, dialect: Dialect): string {
  const plain = dialect.questionMarks ? statement.replaceAll("?", "\\?") : statement;
  return `\`${plain.replace(/[\\`]|\$\{/g, (found) => `\\${found}`)}\``;
}
