import { reactRouter } from "@react-router/dev/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [reactRouter()],
  // Packages of this repository, which Vite would take for the application's own code.
  ssr: { external: ["@sessgen/runtime", "example-shop"] },
});
