import type { Layout } from "./layout.js";

/**
 * Prisma Migrate: a folder per migration, and the database's kind in a file beside them. Prisma
 * does not undo migrations.
 */
export const prisma: Layout = {
  snapshot: (name) => `migrations/${name}/snapshot.json`,
  files: async ({ name, up, down }, { folder }) => [
    { path: `${folder}/migrations/${name}/migration.sql`, content: up, kind: "once" },
    { path: `${folder}/migrations/${name}/down.sql`, content: down, kind: "once" },
  ],
  common: async (_names, { dialect, folder, render }) => [
    {
      path: `${folder}/migrations/migration_lock.toml`,
      content: await render("sql/layouts/prisma.toml.hbs", { provider: dialect.toolName }),
      kind: "once",
    },
  ],
};
