// Written by `npm run registries` from what is beside this file. Do not edit.
import { express } from "./express/index.js";
import { fastify } from "./fastify/index.js";
import type { Framework } from "./framework.js";
import { hono } from "./hono/index.js";
import { koa } from "./koa/index.js";
import { next } from "./next/index.js";

/** Every framework, by its name. */
export const frameworks: ReadonlyMap<string, Framework> = new Map(
  [express, fastify, hono, koa, next].map((descriptor) => [descriptor.name, descriptor]),
);
