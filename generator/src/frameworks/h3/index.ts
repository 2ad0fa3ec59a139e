import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** h3 2, alone or in Nitro 3. */
export const h3: Framework = {
  name: "h3",
  packages: ["h3", "nitro"],
  // A file of wrangler's may be its own.
  covers: ["fetch"],
  wiring: ({ packages }) =>
    packages.has("nitro")
      ? [
          {
            file: "server/middleware/session",
            text: (glue) => `import { session } from "${glue}";

export default session();
`,
            lines: (glue) => `import { session } from "${glue}";

export default session();
`,
          },
        ]
      : [
          entry({
            text: (glue) => `import { H3, serve } from "h3";
import { session } from "${glue}";

const app = new H3().use(session()).get("/", ({ context: { session } }) => {
  session.visits += 1;
  return { visits: session.visits };
});

serve(app, { port: Number(process.env["PORT"] ?? 3000) });
`,
            lines: (glue) => `import { session } from "${glue}";

app.use(session()); // before the routes
`,
          }),
        ],
  reserved: ["withSession"],
};
