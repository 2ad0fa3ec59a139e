import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** Elysia 1.4, on Bun, or on Node with its adapter. */
export const elysia: Framework = {
  name: "elysia",
  packages: ["elysia"],
  // A file of wrangler's may be its own.
  covers: ["fetch"],
  wiring: ({ packages }) => {
    const onNode = packages.has("@elysiajs/node");
    return [
      entry({
        ...(!onNode && { program: "bun" }),
        text: (
          glue,
        ) => `${onNode ? 'import { node } from "@elysiajs/node";\n' : ""}import { Elysia } from "elysia";
import { session } from "${glue}";

new Elysia(${onNode ? "{ adapter: node() }" : ""})
  .use(session())
  .get("/", ({ session }) => {
    session.visits += 1;
    return { visits: session.visits };
  })
  .listen(Number(process.env["PORT"] ?? 3000));
`,
        lines: (glue) => `import { session } from "${glue}";

const app = new Elysia().use(session()); // before the routes, and chained: so they know its type
`,
      }),
    ];
  },
  reserved: ["withSession", "Elysia"],
};
