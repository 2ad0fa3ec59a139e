import { tanstackStart } from "@tanstack/react-start/plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [tanstackStart(), react()],
  // Packages of this repository, which Vite would take for the application's own code.
  ssr: { external: ["@sessgen/runtime", "example-shop"] },
});
