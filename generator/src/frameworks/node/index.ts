import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** Plain `node:http`, and what takes its listeners. */
export const node: Framework = {
  name: "node",
  packages: [],
  fallback: true,
  wiring: () => [
    entry({
      serves: "createServer(",
      text: (glue) => `import { createServer } from "node:http";
import { session } from "${glue}";

const listener = session((request, response, visitor) => {
  visitor.visits += 1;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ visits: visitor.visits }));
});

createServer(listener).listen(Number(process.env["PORT"] ?? 3000));
`,
      lines: (glue) => `import { session } from "${glue}";

createServer(session((request, response, visitor) => yours(request, response, visitor)));
`,
    }),
  ],
  reserved: ["attachSession"],
};
