import { defineConfig } from "nitro";

export default defineConfig({
  serverDir: "./server",
  output: { dir: "../../dist/nitro" },
  compatibilityDate: "2026-09-01",
});
