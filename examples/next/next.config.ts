import type { NextConfig } from "next";

/**
 * Routes that only the tests of this repository need are in files called route.host.ts and
 * page.host.tsx.
 */
const pageExtensions = [
  "ts",
  "tsx",
  ...(process.env["HOST_ROUTES"] === undefined ? [] : ["host.ts", "host.tsx"]),
];

export default {
  pageExtensions,
  // The repository's build has checked the types.
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig;
