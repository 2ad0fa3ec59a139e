import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** Koa 3. */
export const koa: Framework = {
  name: "koa",
  packages: ["koa"],
  types: ["@types/koa"],
  wiring: () => [
    entry({
      serves: "app.listen(",
      text: (glue) => `import Koa from "koa";
import { session } from "${glue}";

const app = new Koa();
app.use(session());

app.use((context) => {
  context.session.visits += 1;
  context.body = { visits: context.session.visits };
});

app.listen(Number(process.env["PORT"] ?? 3000));
`,
      lines: (glue) => `import { session } from "${glue}";

app.use(session()); // before what uses it
`,
    }),
  ],
  reserved: ["attachSession"],
};
