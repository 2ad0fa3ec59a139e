// Written by `npm run registries` from what is beside this file. Do not edit.

/** The frameworks that there is glue for. */
export type FrameworkName = "express" | "fastify" | "hono" | "koa";
