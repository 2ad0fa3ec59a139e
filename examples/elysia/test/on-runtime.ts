// What Bun starts for test/frameworks/on-runtimes.test.ts, compiled. With `TLS` set, over HTTP/2
// and TLS.
import { createApp } from "../src/app.js";
import { hostRoutes } from "./host-routes.js";

const { TLS } = process.env;
const tls = TLS === undefined ? {} : { http2: true, tls: JSON.parse(TLS) };
createApp()
  .use(hostRoutes)
  .listen({ port: 0, hostname: "localhost", ...tls }, ({ port }) =>
    console.log(`Listening on ${TLS === undefined ? "http" : "https"}://localhost:${port}`),
  );
