import type { Server } from "node:net";
import { certificate } from "../../../services/certificate.js";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { hostRoutes } from "./host-routes.js";

/** Serves the application; @elysiajs/node speaks HTTP/2 over TLS only. */
function listen(tls?: object): Promise<Server> {
  return new Promise((resolve) => {
    const options = { port: 0, hostname: "localhost", ...(tls && { tls }) };
    createApp()
      .use(hostRoutes)
      .listen(options, ({ raw }) => resolve((raw.node as { server: Server }).server));
  });
}

export const host: Host = {
  name: "Elysia",
  start: () =>
    inProcess(import.meta.url, async () => ({
      server: await listen(),
      http2: await listen(certificate()),
      close: () => sessions.close(),
    })),
};
