import { tanstackStart } from "@tanstack/react-start/plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const path = "/host/prerendered";

/** That of the example, and one page that is made in the build. */
export default defineConfig({
  plugins: [
    tanstackStart({
      pages: [{ path, prerender: { enabled: true } }],
      prerender: { enabled: true, crawlLinks: false, autoStaticPathsDiscovery: false },
    }),
    react(),
  ],
  ssr: { external: ["@sessgen/runtime", "example-shop"] },
});
