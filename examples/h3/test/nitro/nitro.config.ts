import { defineConfig } from "nitro";

export default defineConfig({
  serverDir: "./server",
  output: { dir: "dist" },
  compatibilityDate: "2026-09-01",
});
