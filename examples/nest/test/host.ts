import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http2";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter, type NestExpressApplication } from "@nestjs/platform-express";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import type { Host } from "../../../test/frameworks/host.js";
import { inProcess } from "../../../test/frameworks/in-process.js";
import { HostModule } from "./host-routes";

const options = { logger: false } as const;
const thrown = { "redirects by what is thrown after a write": "Nest has no redirects that are thrown" };

export const host: Host = {
  name: "NestJS on Express",
  start: () =>
    inProcess(import.meta.url, async () => {
      const app = await NestFactory.create<NestExpressApplication>(HostModule, new ExpressAdapter(), options);
      app.useBodyParser("text", { limit: "2mb" });
      await app.listen(0);
      return { server: app.getHttpServer(), close: () => app.close() };
    }),
  skips: { ...thrown, "serves HTTP/2": "Express has no HTTP/2" },
};

export const fastifyHost: Host = {
  name: "NestJS on Fastify",
  start: () =>
    inProcess(import.meta.url, async () => {
      const app = await NestFactory.create<NestFastifyApplication>(HostModule, new FastifyAdapter(), options);
      await app.listen(0);
      const fastify = app.getHttpAdapter().getInstance();
      return {
        server: app.getHttpServer(),
        // As Fastify's own `http2: true` does; its types know requests of HTTP/1 alone.
        http2: createServer((request, response) =>
          fastify.routing(request as unknown as IncomingMessage, response as unknown as ServerResponse),
        ),
        close: () => app.close(),
      };
    }),
  skips: thrown,
};
