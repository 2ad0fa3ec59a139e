import type { Framework } from "../framework.js";

/** TanStack Start, with React. */
export const tanstackStart: Framework = {
  name: "tanstack-start",
  packages: ["@tanstack/react-start"],
  // What its server may be part of.
  covers: ["express", "h3", "hono", "fetch"],
  wiring: () => [
    {
      file: "src/start",
      // With middleware of its own, an application has to say that it wants this one, too.
      text: (glue) => `import { createCsrfMiddleware, createStart } from "@tanstack/react-start";
import { session } from "${glue}";

const csrf = createCsrfMiddleware({ filter: ({ handlerType }) => handlerType === "serverFn" });

export const startInstance = createStart(() => ({ requestMiddleware: [csrf, session()] }));
`,
      lines: (glue) => `import { session } from "${glue}";

requestMiddleware: [csrf, session()], // in createStart
`,
    },
  ],
  reserved: ["createMiddleware", "isRedirect", "withSession"],
};
