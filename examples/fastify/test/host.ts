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
        http2: createServer((request, response) => app.routing(request, response)),
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
