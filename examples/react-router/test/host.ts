import { freePort } from "../../../scripts/guide.mjs";
import type { Host } from "../../../test/frameworks/host.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";

export const host: Host = {
  name: "React Router",
  base: "/api",
  // react-router-serve prints the port that it was given, and not the one that it got.
  start: async () =>
    ownProcess(import.meta.url, {
      env: { HOST_ROUTES: "1", NODE_ENV: "production", HOST: "localhost", PORT: String(await freePort()) },
    }),
  skips: { "serves HTTP/2": "react-router-serve serves HTTP/1.1, for what stands in front of it" },
};
