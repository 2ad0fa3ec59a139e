import { Readable } from "node:stream";
import { setInterval } from "node:timers/promises";
import type { FastifyPluginAsync } from "fastify";

/** The routes of test/frameworks/host-cases.ts. */
export const hostRoutes: FastifyPluginAsync = async (app) => {
  let open = 0;

  async function* lines() {
    open += 1;
    try {
      for await (const _ of setInterval(5)) yield "line\n";
    } finally {
      open -= 1;
    }
  }

  async function* broken() {
    yield "line\n";
    throw new Error("The source is gone");
  }

  app.addHook("preHandler", async ({ session, url }) => {
    if (!url.endsWith("/streams")) session.visits += 1;
  });
  app.get("/stream", () => Readable.from(lines()));
  app.get("/streams", async () => ({ open }));
  app.get("/redirect", (_request, reply) => reply.redirect("/notice", 303));
  app.get("/error", async () => {
    throw new Error("The handler failed");
  });
  app.get("/broken", () => Readable.from(broken()));
  app.get("/not-modified", (_request, reply) => reply.code(304).header("etag", '"page"').send());
  app.post<{ Body: string }>("/echo", async ({ body }) => body);
  app.get("/trailing", {
    handler: async () => ({}),
    onSend: async ({ session }) => {
      session.visits += 1;
    },
  });
};
