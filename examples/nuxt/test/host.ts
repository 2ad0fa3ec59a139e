import type { Host } from "../../../test/frameworks/host.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";

export const host: Host = {
  name: "Nuxt",
  base: "/api",
  start: () => ownProcess(import.meta.url, { env: { HOST_ROUTES: "1", NODE_ENV: "production", TEST: "" } }),
  skips: {
    "redirects by what is thrown after a write": "h3 1 has no redirects that are thrown",
    "serves HTTP/2": "Nitro's server speaks HTTP/1.1, for what stands in front of it",
  },
};
