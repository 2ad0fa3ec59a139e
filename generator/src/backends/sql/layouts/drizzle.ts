import { splitStatements } from "../statements.js";
import type { Layout } from "./layout.js";

/**
 * Drizzle: `migrate()` of drizzle-orm reads the journal and applies, in one transaction for all,
 * what has a later time than the last one applied. The times here are only an order.
 */
export const drizzle: Layout = {
  oneTransaction: true,
  snapshot: (name) => `${name}.snapshot.json`,
  files: async ({ name, up, down }, { folder }) => [
    {
      path: `${folder}/${name}.sql`,
      content: `${(splitStatements(up).length === 0 ? [up.trim()] : splitStatements(up)).join("\n--> statement-breakpoint\n")}\n`,
      kind: "once",
    },
    { path: `${folder}/down/${name}.sql`, content: down, kind: "once" },
  ],
  common: async (names, { dialect, folder }) => {
    const entries = names.map((tag, idx) => ({ idx, version: "7", when: idx + 1, tag, breakpoints: true }));
    const journal = { version: "7", dialect: dialect.toolName, entries };
    return [
      {
        path: `${folder}/meta/_journal.json`,
        content: `${JSON.stringify(journal, undefined, 2)}\n`,
        kind: "shared",
      },
    ];
  },
};
