import type { Framework } from "../framework.js";

/** React Router 7.9 and later, as a framework. */
export const reactRouter: Framework = {
  name: "react-router",
  files: ["react-router.ts", "react-router-storage.ts"],
  // `react-router` alone is a library of the browser, too.
  packages: ["@react-router/dev"],
  signs: ["react-router.config."],
  // What its server may be made of.
  covers: ["express", "hono", "fetch"],
  // React Router lets no browser have what is in a folder of this name.
  output: "app/.server/session",
  wiring: () => [
    {
      file: "app/root",
      lines: (glue) => `import { session } from "${glue}";

export const middleware: Route.MiddlewareFunction[] = [session()];
`,
    },
    {
      file: "react-router.config",
      text: () => `export default { future: { v8_middleware: true } };
`,
      lines: () => `future: { v8_middleware: true }, // with React Router 7; in 8 there is always middleware
`,
    },
  ],
  reserved: ["createContext", "withSession"],
  data: ({ fields }) => ({
    // The fields that its own sessions have a method for.
    flash: Object.entries(fields)
      .filter(([, { flash }]) => flash === true)
      .map(([name]) => JSON.stringify(name)),
  }),
};
