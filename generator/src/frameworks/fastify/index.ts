import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** Fastify 5. */
export const fastify: Framework = {
  name: "fastify",
  packages: ["fastify"],
  needs: ["fastify-plugin"],
  wiring: () => [
    entry({
      text: (glue) => `import fastify from "fastify";
import { session } from "${glue}";

const app = fastify({ logger: true });
app.register(session);

app.get("/", async ({ session }) => {
  session.visits += 1;
  return { visits: session.visits };
});

app.listen({ port: Number(process.env["PORT"] ?? 3000) });
`,
      lines: (glue) => `import { session } from "${glue}";

app.register(session);
`,
    }),
  ],
  reserved: ["attachSession"],
};
