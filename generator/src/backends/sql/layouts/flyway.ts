import type { Artifact } from "../../../output/artifact.js";
import type { Layout } from "./layout.js";

/**
 * Flyway: `V0001__name.sql`, undo migrations in `U0001__name.sql`, settings of one script in
 * `….sql.conf`. https://documentation.red-gate.com/fd/script-configuration-files-184127479.html
 */
export const flyway: Layout = {
  command: "flyway migrate",
  snapshot: (name) => `${name}.snapshot.json`,
  files: async ({ name, up, down, noTransaction }, { dialect, folder, render }) => {
    const file = name.replace("_", "__");
    // Where nothing can be in a transaction that needs no word, but where most can, as in
    // PostgreSQL.
    const concurrently = noTransaction && dialect.atomic === "tables";
    const scripts = [
      { path: `${folder}/V${file}.sql`, content: up },
      { path: `${folder}/U${file}.sql`, content: down },
    ];
    const artifacts = scripts.map(async ({ path, content }): Promise<Artifact[]> => {
      const placeholder = content.includes("${");
      const script: Artifact = { path, content, kind: "once" };
      if (!concurrently && !placeholder) return [script];
      const settings = await render("sql/layouts/flyway.conf.hbs", { concurrently, placeholder });
      return [script, { path: `${path}.conf`, content: settings, kind: "once" }];
    });
    return (await Promise.all(artifacts)).flat();
  },
};
