// Written by `npm run registries` from what is beside this file. Do not edit.
import { astro } from "./astro/index.js";
import { elysia } from "./elysia/index.js";
import { express } from "./express/index.js";
import { fastify } from "./fastify/index.js";
import { fetch } from "./fetch/index.js";
import type { Framework } from "./framework.js";
import { h3 } from "./h3/index.js";
import { hono } from "./hono/index.js";
import { koa } from "./koa/index.js";
import { nest } from "./nest/index.js";
import { next } from "./next/index.js";
import { node } from "./node/index.js";
import { nuxt } from "./nuxt/index.js";
import { reactRouter } from "./react-router/index.js";
import { socketIo } from "./socket-io/index.js";
import { sveltekit } from "./sveltekit/index.js";
import { tanstackStart } from "./tanstack-start/index.js";
import { ws } from "./ws/index.js";

const descriptors: readonly Framework[] = [
  astro,
  elysia,
  express,
  fastify,
  fetch,
  h3,
  hono,
  koa,
  nest,
  next,
  node,
  nuxt,
  reactRouter,
  socketIo,
  sveltekit,
  tanstackStart,
  ws,
];

/** Every framework, by its name. */
export const frameworks: ReadonlyMap<string, Framework> = new Map(
  descriptors.map((descriptor) => [descriptor.name, descriptor]),
);
