import type { Framework } from "../framework.js";

/** Plain `node:http`, and what takes its listeners. */
export const node: Framework = {
  name: "node",
  packages: [],
  reserved: ["attachSession"],
};
