// What Bun starts for test/frameworks/on-runtimes.test.ts, compiled.
import { createApp } from "../src/app.js";
import { hostRoutes } from "./host-routes.js";

createApp()
  .use(hostRoutes)
  .listen({ port: 0, hostname: "localhost" }, ({ port }) =>
    console.log(`Listening on http://localhost:${port}`),
  );
