import type { Layout } from "./layout.js";
import { prismaModel } from "./prisma-model.js";

/**
 * Prisma Migrate: a folder per migration, and the database's kind in a file beside them. Prisma
 * does not undo migrations.
 */
export const prisma: Layout = {
  command: "npx prisma migrate deploy",
  inside: "migrations",
  numbers: "time",
  snapshot: (name) => `migrations/${name}/snapshot.json`,
  files: async ({ name, up, down }, { folder, aside }) => [
    { path: `${folder}/${name}/migration.sql`, content: up, kind: "once" },
    { path: `${aside}/migrations/${name}/down.sql`, content: down, kind: "once" },
  ],
  common: async (_steps, { dialect, folder, render }) => [
    {
      path: `${folder}/migration_lock.toml`,
      content: await render("sql/layouts/prisma.toml.hbs", { provider: dialect.toolName }),
      kind: "once",
    },
  ],
  model: (tables, { dialect, aside }) => ({
    path: `${aside}/sessions.prisma`,
    content: prismaModel(dialect, tables),
    kind: "owned",
  }),
};
