import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** Hono 4, on whatever runs it. */
export const hono: Framework = {
  name: "hono",
  packages: ["hono"],
  // A file of wrangler's may be its own.
  covers: ["fetch"],
  wiring: ({ packages }) => [
    entry({
      // What runs it elsewhere than on Node has a starter with an entry of its own.
      ...(packages.has("@hono/node-server") && {
        text: (glue: string) => `import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { session } from "${glue}";

const app = new Hono().use(session()).get("/", (context) => {
  const { session } = context.var;
  session.visits += 1;
  return context.json({ visits: session.visits });
});

serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 3000) });
`,
      }),
      lines: (glue) => `import { session } from "${glue}";

const app = new Hono().use(session()); // before the routes, and chained: so they know its type
`,
    }),
  ],
  reserved: ["withSession", "createMiddleware"],
};
