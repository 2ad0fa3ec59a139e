import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http2";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { hostRoutes } from "./host-routes.js";

export const host: Host = {
  name: "Fastify",
  start: () =>
    inProcess(import.meta.url, async () => {
      const app = createApp();
      app.register(hostRoutes, { prefix: "/host" });
      await app.listen();
      return {
        server: app.server,
        // As Fastify's own `http2: true` does; its types know requests of HTTP/1 alone.
        http2: createServer((request, response) =>
          app.routing(request as unknown as IncomingMessage, response as unknown as ServerResponse),
        ),
        close: async () => {
          await app.close();
          await sessions.close();
        },
      };
    }),
  skips: {
    "redirects by what is thrown after a write": "Fastify has no redirects that are thrown",
  },
};
