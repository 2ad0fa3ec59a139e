import type { Framework } from "../framework.js";

/** Next.js 15.1 and later, App Router. */
export const next: Framework = {
  name: "next",
  // The proxy is a file of its own: it is bundled without what pages need.
  files: ["next.ts", "next-proxy.ts"],
  packages: ["next"],
  // A file of wrangler's may be its own.
  covers: ["fetch"],
  signs: ["next.config."],
  wiring: ({ has }) => [
    {
      file: `${has("src") || !has("app") ? "src/" : ""}app/page`,
      lines: (glue) => `import { session } from "${glue}";

const { visits } = await session(); // in a page; sessionAction and sessionRoute change it
`,
    },
  ],
  // Pages, Route Handlers and the proxy.
  bundled: true,
  reserved: ["after", "cache", "cookies", "headers", "nextServer", "nextProxy"],
};
