import type { Framework } from "../framework.js";

/** Hono 4, on whatever runs it. */
export const hono: Framework = {
  name: "hono",
  packages: ["hono"],
  reserved: ["withSession", "createMiddleware"],
};
