import type { Framework } from "../framework.js";

/** Koa 3. */
export const koa: Framework = {
  name: "koa",
  packages: ["koa"],
  reserved: ["attachSession"],
};
