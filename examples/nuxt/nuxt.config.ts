export default defineNuxtConfig({
  compatibilityDate: "2026-01-01",
  css: ["~/assets/shop.css"],
  telemetry: false,
  // What Nitro compiles has numbers such as 1n, which all that it runs on know.
  nitro: { esbuild: { options: { target: "es2022" } } },
  // The routes that only tests have.
  extends: process.env["HOST_ROUTES"] === "1" ? ["./test/host"] : [],
});
