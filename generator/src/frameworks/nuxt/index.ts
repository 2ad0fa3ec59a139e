import { memberAccess, memberKey } from "../../code/names.js";
import type { Framework } from "../framework.js";

/** Nuxt 4, on Nitro 2 and h3 1. */
export const nuxt: Framework = {
  name: "nuxt",
  // What pages use is bundled for browsers: it is apart from what the server imports.
  files: ["nuxt.ts", "nuxt-composable.ts", "nuxt-state.ts"],
  packages: ["nuxt"],
  signs: ["nuxt.config."],
  // Of another version than the glue for it.
  covers: ["h3", "fetch"],
  prepares: { makes: ".nuxt/tsconfig.server.json", command: "nuxt prepare" },
  wiring: () => [
    {
      file: "server/middleware/session",
      text: (glue) => `import { session } from "${glue}";

export default session();
`,
      lines: (glue) => `import { session } from "${glue}";

export default session();
`,
    },
  ],
  output: "server/session",
  reserved: ["attachSession", "withSession", "useNitroApp", "useRequestEvent", "useState"],
  data: ({ fields }) => ({
    // The fields of a page that end with it.
    shown: Object.entries(fields)
      .filter(([, { client, flash }]) => client === true && flash === true)
      .map(([name]) => ({ key: memberKey(name), member: memberAccess("", name) })),
  }),
};
