import type { Framework } from "../framework.js";
import { replaceOnce, type Wiring } from "../wiring.js";

/** What `create-react-router` has in root.tsx where an import goes, and before an export. */
const ROUTE_TYPES = 'import type { Route } from "./+types/root";\n';
const LINKS = "export const links: Route.LinksFunction = ";

const MIDDLEWARE = "export const middleware: Route.MiddlewareFunction[] = [session()];\n";

/** The flag of React Router 7: in 8 there is always middleware. */
const flag: Wiring = {
  file: "react-router.config",
  text: () => `export default { future: { v8_middleware: true } };
`,
  lines: () => `future: { v8_middleware: true }, // with React Router 7; in 8 there is always middleware
`,
  starter: {
    adds: "future.v8_middleware",
    edit: (text) =>
      /\bv8_middleware: true\b/.test(text)
        ? text
        : /\bfuture\b/.test(text)
          ? undefined
          : replaceOnce(text, [
              [
                "  ssr: true,\n} satisfies Config;",
                "  ssr: true,\n  future: { v8_middleware: true },\n} satisfies Config;",
              ],
            ]),
  },
};

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
  wiring: ({ majorOf }) => [
    {
      file: "app/root",
      lines: (glue) => `import { session } from "${glue}";

${MIDDLEWARE}`,
      starter: {
        adds: "middleware",
        edit: (text, glue) =>
          /\b(session|middleware)\b/.test(text)
            ? undefined
            : replaceOnce(text, [
                [ROUTE_TYPES, `${ROUTE_TYPES}import { session } from "${glue}";\n`],
                [LINKS, `${MIDDLEWARE}\n${LINKS}`],
              ]),
      },
    },
    ...((majorOf("@react-router/dev") ?? 7) < 8 ? [flag] : []),
  ],
  reserved: ["createContext", "withSession"],
  data: ({ fields }) => ({
    // The fields that its own sessions have a method for.
    flash: Object.entries(fields)
      .filter(([, { flash }]) => flash === true)
      .map(([name]) => JSON.stringify(name)),
  }),
};
