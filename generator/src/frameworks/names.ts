// Written by `npm run registries` from what is beside this file. Do not edit.
import type { ExpressGlue } from "./express/options.js";

export type { ExpressGlue } from "./express/options.js";

/** The frameworks that there is glue for. */
export type FrameworkName =
  | "astro"
  | "elysia"
  | "express"
  | "fastify"
  | "fetch"
  | "h3"
  | "hono"
  | "koa"
  | "nest"
  | "next"
  | "node"
  | "nuxt"
  | "react-router"
  | "socket-io"
  | "sveltekit"
  | "tanstack-start"
  | "ws";

/** Glue that is set up: for frameworks that have options. */
export type Glue = ExpressGlue;
