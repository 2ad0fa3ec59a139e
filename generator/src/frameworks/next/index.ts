import type { Framework } from "../framework.js";

/** Next.js 15.1 and later, App Router. */
export const next: Framework = {
  name: "next",
  // The proxy is a file of its own: it is bundled without what pages need.
  files: ["next.ts", "next-proxy.ts"],
  packages: ["next"],
  // Pages, Route Handlers and the proxy.
  bundled: true,
  reserved: ["after", "cache", "cookies", "headers", "nextServer", "nextProxy"],
};
