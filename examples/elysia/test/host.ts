import type { Server } from "node:http";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { hostRoutes } from "./host-routes.js";

export const host: Host = {
  name: "Elysia",
  start: () =>
    inProcess(
      import.meta.url,
      () =>
        new Promise((resolve) => {
          createApp()
            .use(hostRoutes)
            .listen({ port: 0, hostname: "localhost" }, ({ raw }) => {
              const { server } = raw.node as { server: Server };
              resolve({ server, close: () => sessions.close() });
            });
        }),
    ),
  skips: { "serves HTTP/2": "@elysiajs/node speaks it over TLS only" },
};
