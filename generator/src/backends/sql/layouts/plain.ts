import type { Layout } from "./layout.js";

/** A folder per migration; for `sessgen migrate`. */
export const plain: Layout = {
  own: true,
  snapshot: (name) => `${name}/snapshot.json`,
  files: async ({ name, up, down }, { aside: folder }) => [
    { path: `${folder}/${name}/up.sql`, content: up, kind: "once" },
    { path: `${folder}/${name}/down.sql`, content: down, kind: "once" },
  ],
};
