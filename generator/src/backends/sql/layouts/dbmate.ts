import type { Layout } from "./layout.js";

/** dbmate: one file with both directions. https://github.com/amacneil/dbmate#creating-migrations */
export const dbmate: Layout = {
  command: "dbmate up",
  numbers: "time",
  snapshot: (name) => `${name}.snapshot.json`,
  files: async ({ name, up, down, noTransaction }, { folder, render }) => [
    {
      path: `${folder}/${name}.sql`,
      content: await render("sql/layouts/dbmate.sql.hbs", {
        up: up.trim(),
        down: down.trim(),
        noTransaction,
      }),
      kind: "once",
    },
  ],
};
