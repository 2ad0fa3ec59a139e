import type { Framework } from "../framework.js";

/** Astro 6 and 7, on demand: with an adapter. */
export const astro: Framework = {
  name: "astro",
  packages: ["astro"],
  signs: ["astro.config."],
  // What its server may be part of, and a file of wrangler's that is its own.
  covers: ["express", "fastify", "fetch"],
  wiring: () => [
    {
      file: "src/middleware",
      instead: ["src/middleware/index"],
      text: (glue) => `import { session } from "${glue}";

export const onRequest = session();
`,
      lines: (glue) => `import { sequence } from "astro:middleware";
import { session } from "${glue}";

export const onRequest = sequence(session(), yours);
`,
    },
    {
      file: "astro.config",
      lines: () => `output: "server", // with an adapter: what is prerendered has no visitor
`,
    },
  ],
  reserved: ["withSession"],
};
