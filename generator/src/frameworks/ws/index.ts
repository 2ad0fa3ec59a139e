import type { Framework } from "../framework.js";

/** WebSockets by `ws`, beside whatever answers requests. */
export const ws: Framework = {
  name: "ws",
  packages: ["ws"],
  reserved: ["connectSession"],
};
