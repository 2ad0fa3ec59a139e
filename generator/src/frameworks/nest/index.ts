import type { Framework } from "../framework.js";

/** NestJS 11, on Express and on Fastify. */
export const nest: Framework = {
  name: "nest",
  packages: ["@nestjs/core"],
  reserved: ["attachSession"],
};
