import node from "@astrojs/node";
import { defineConfig } from "astro/config";

export default defineConfig({
  output: "server", // what is prerendered has no visitor
  adapter: node({ mode: "standalone" }),
});
