import { splitStatements } from "../statements.js";
import type { Layout } from "./layout.js";

/** Knex: a module per migration. */
export const knex: Layout = {
  snapshot: (name) => `${name}.snapshot.json`,
  files: async ({ name, up, down, noTransaction }, { folder, render }) => [
    {
      path: `${folder}/${name}.mjs`,
      content: await render("sql/layouts/knex.mjs.hbs", {
        name,
        noTransaction,
        up: splitStatements(up).map(literal),
        down: splitStatements(down).map(literal),
      }),
      kind: "once",
    },
  ],
};

/** A template literal; Knex takes a question mark for a parameter unless there is a backslash before it. */
function literal(statement: string): string {
  const escaped = statement.replaceAll("?", "\\?").replace(/[\\`]|\$\{/g, (found) => `\\${found}`);
  return `\`${escaped}\``;
}
