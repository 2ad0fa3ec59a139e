import type { Artifact } from "../../../artifact.js";
import type { Layout } from "./layout.js";

/**
 * Flyway: `V0001__name.sql`, undo migrations in `U0001__name.sql`, settings of one script in `….sql.conf`.
 * https://documentation.red-gate.com/fd/script-configuration-files-184127479.html
 */
export const flyway: Layout = {
  snapshot: (name) => `${name}.snapshot.json`,
  files: async ({ name, up, down, noTransaction }, { dialect, folder, render }) => {
    const file = name.replace("_", "__");
    // What cannot be in a transaction anyway needs no word about it, but in PostgreSQL, where most can.
    const scripts = noTransaction && dialect === "postgres" ? ["V", "U"] : [];
    const settings = scripts.map(
      async (prefix): Promise<Artifact> => ({
        path: `${folder}/${prefix}${file}.sql.conf`,
        content: await render("sql/layouts/flyway.conf.hbs", {}),
        kind: "once",
      }),
    );
    return [
      { path: `${folder}/V${file}.sql`, content: up, kind: "once" },
      { path: `${folder}/U${file}.sql`, content: down, kind: "once" },
      ...(await Promise.all(settings)),
    ];
  },
};
