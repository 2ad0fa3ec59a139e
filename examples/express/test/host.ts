import { createServer } from "node:http";
import express from "express";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { createApp, type ExpressModule } from "../src/app.js";
import { sessions } from "../src/session/index.js";
import { addHostRoutes } from "./host-routes.js";

/** The row of one version of Express. */
export function hostOf(name: string, version: ExpressModule): Host {
  return {
    name,
    start: () =>
      inProcess(import.meta.url, () => ({
        server: createServer(createApp(version, addHostRoutes)),
        close: () => sessions.close(),
      })),
    skips: {
      "redirects by what is thrown after a write": "Express has no redirects that are thrown",
      "serves HTTP/2": "Express has no HTTP/2",
    },
  };
}

export const host: Host = hostOf("Express", express);
