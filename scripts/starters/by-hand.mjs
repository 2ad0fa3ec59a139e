// Projects as starters make them whose files are on GitHub, written out.
const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`;

const viteReact = {
  include: ["**/*", "**/.server/**/*", "**/.client/**/*", ".react-router/types/**/*"],
  compilerOptions: {
    lib: ["DOM", "DOM.Iterable", "ES2022"],
    types: ["node", "vite/client"],
    target: "ES2022",
    module: "ES2022",
    moduleResolution: "bundler",
    jsx: "react-jsx",
    rootDirs: [".", "./.react-router/types"],
    baseUrl: ".",
    paths: { "~/*": ["./app/*"] },
    esModuleInterop: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    strict: true,
  },
};

/** A project of `tsc --init`, with these packages. */
const plain = (name, dependencies, devDependencies = {}) => ({
  "package.json": json({
    name,
    private: true,
    type: "module",
    dependencies,
    devDependencies: { typescript: "^5.9.0", ...devDependencies },
  }),
  "tsconfig.json": json({
    compilerOptions: {
      module: "nodenext",
      target: "esnext",
      types: ["node"],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      noEmit: true,
    },
  }),
});

const started = { compile: "npx tsc", serve: () => "npm start", path: "/" };

/** As `starters` in index.mjs; `before` takes the place of `create`. */
export const byHand = {
  nuxt: {
    before: {
      "package.json": json({
        name: "nuxt-app",
        type: "module",
        private: true,
        scripts: {
          build: "nuxt build",
          dev: "nuxt dev",
          generate: "nuxt generate",
          preview: "nuxt preview",
          postinstall: "nuxt prepare",
        },
        dependencies: { nuxt: "4.4.5", vue: "^3.5.22", "vue-router": "^4.6.3" },
        devDependencies: { typescript: "^5.9.0", "vue-tsc": "^3.0.0" },
      }),
      "nuxt.config.ts":
        'export default defineNuxtConfig({ compatibilityDate: "2026-01-01", devtools: { enabled: true } });\n',
      "tsconfig.json": json({
        files: [],
        references: ["app", "server", "shared", "node"].map((name) => ({
          path: `./.nuxt/tsconfig.${name}.json`,
        })),
      }),
      "app/app.vue": "<template>\n  <NuxtWelcome />\n</template>\n",
    },
    files: {
      "server/routes/visits.ts": `export default defineEventHandler(({ context: { session } }) => ({ visits: (session.visits += 1) }));
`,
    },
    compile: "npx nuxt prepare && npx vue-tsc -b --noEmit",
    serve: (port) => `npx nuxt dev --port ${port}`,
  },
  "react-router": {
    before: {
      "package.json": json({
        name: "shop",
        private: true,
        type: "module",
        scripts: {
          build: "react-router build",
          dev: "react-router dev",
          start: "react-router-serve ./build/server/index.js",
          typecheck: "react-router typegen && tsc",
        },
        dependencies: {
          "@react-router/node": "7.18.4",
          "@react-router/serve": "7.18.4",
          isbot: "^5.1.31",
          react: "^19.3.1",
          "react-dom": "^19.3.1",
          "react-router": "7.18.4",
        },
        devDependencies: {
          "@react-router/dev": "7.18.4",
          "@types/node": "^22",
          "@types/react": "^19.3.3",
          "@types/react-dom": "^19.2.3",
          typescript: "^5.9.2",
          vite: "^7.1.7",
          "vite-tsconfig-paths": "^5.1.4",
        },
      }),
      "tsconfig.json": json(viteReact),
      "vite.config.ts": `import { reactRouter } from "@react-router/dev/vite";
import { defineConfig } from "vite";
import tsconfigPaths from "vite-tsconfig-paths";

export default defineConfig({ plugins: [reactRouter(), tsconfigPaths()] });
`,
      "react-router.config.ts": `import type { Config } from "@react-router/dev/config";

export default {
  ssr: true,
} satisfies Config;
`,
      "app/routes.ts": `import { index, type RouteConfig } from "@react-router/dev/routes";

export default [index("routes/home.tsx")] satisfies RouteConfig;
`,
      "app/root.tsx": `import { Links, Meta, Outlet, Scripts, ScrollRestoration } from "react-router";

import type { Route } from "./+types/root";

export const links: Route.LinksFunction = () => [];

export default function App() {
  return (
    <html lang="en">
      <head>
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}
`,
      "app/routes/home.tsx": "export default function Home() {\n  return <h1>Welcome</h1>;\n}\n",
    },
    files: {
      "app/routes/visits.ts": `import { sessionContext } from "../.server/session/react-router";
import type { Route } from "./+types/visits";

export const loader = async ({ context }: Route.LoaderArgs) => {
  const session = context.get(sessionContext);
  return Response.json({ visits: (session.visits += 1) });
};
`,
    },
    edit: {
      "app/routes.ts": (text) =>
        text
          .replace("index, type", "index, route, type")
          .replace('"routes/home.tsx")', '"routes/home.tsx"), route("visits", "routes/visits.ts")'),
    },
    compile: "npm run typecheck && npm run build",
    serve: () => "npm start",
  },
  ws: { before: plain("sockets", { ws: "^8.18.0" }), ...started },
  "express-ws": { before: plain("sockets", { express: "^5.1.0", ws: "^8.18.0" }), ...started },
  "socket-io": { before: plain("sockets", { "socket.io": "^4.8.0" }), ...started },
  "koa-socket-io": { before: plain("sockets", { koa: "^3.0.0", "socket.io": "^4.8.0" }), ...started },
};
