// What Bun and Deno start for test/frameworks/on-runtimes.test.ts, compiled. With `TLS` set, over
// HTTP/2 and TLS.
import { createApp } from "../src/app.js";
import { hostRoutes } from "./host-routes.js";

interface Runtime {
  readonly Bun?: { serve(options: object): { readonly port: number } };
  readonly Deno?: { serve(options: object, fetch: unknown): { readonly addr: { readonly port: number } } };
}

const { Bun, Deno } = globalThis as Runtime;
const { fetch } = createApp().route("/host", hostRoutes);
const { TLS } = process.env;
const tls = TLS === undefined ? {} : { http2: true, tls: JSON.parse(TLS) };
const options = { port: 0, hostname: "localhost", ...tls };
const port = Bun?.serve({ ...options, fetch }).port ?? Deno?.serve(options, fetch).addr.port;
console.log(`Listening on ${TLS === undefined ? "http" : "https"}://localhost:${port}`);
