import type { Host } from "../../../test/frameworks/host.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";

export const host: Host = {
  name: "Next.js",
  base: "/api",
  start: () =>
    ownProcess(import.meta.url, {
      env: { HOST_ROUTES: "1", NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
    }),
  skips: {
    "saves what is written by what runs after the handler":
      "Next.js has nothing that runs after a Route Handler",
    "serves HTTP/2": "next start serves HTTP/1.1, for what stands in front of it",
  },
};
