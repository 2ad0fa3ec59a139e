import { createServer } from "node:http2";
import { createAdaptorServer } from "@hono/node-server";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { hostRoutes } from "./host-routes.js";

export const host: Host = {
  name: "Fetch",
  start: () =>
    inProcess(import.meta.url, () => {
      const fetch = createApp(hostRoutes);
      return {
        server: createAdaptorServer({ fetch }),
        http2: createAdaptorServer({ fetch, createServer }),
        close: () => sessions.close(),
      };
    }),
  skips: {
    "saves what was written before an error that the framework answers":
      "there is no framework: a handler that throws has not answered, and nothing is saved",
    "saves what is written by what runs after the handler": "nothing runs after a handler",
  },
};
