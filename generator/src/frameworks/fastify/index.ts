import type { Framework } from "../framework.js";

/** Fastify 5. */
export const fastify: Framework = {
  name: "fastify",
  packages: ["fastify"],
  reserved: ["attachSession"],
};
