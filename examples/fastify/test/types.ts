// What the glue's users see, and what does not compile: the build checks this file.
import fastify, { type FastifyRequest } from "fastify";
import { expectTypeOf } from "vitest";
import { session } from "../src/session/fastify.js";
import type { Session } from "../src/session/index.js";

const app = fastify({ logger: true, trustProxy: true });
app.register(session);
app.register(session, { skip: (request) => request.url === "/health" });
// @ts-expect-error the plugin has no such option
app.register(session, { skp: () => true });

app.get<{ Querystring: { page: number } }>("/", async (request) => {
  expectTypeOf(request.session).toEqualTypeOf<Session>();
  expectTypeOf(request.session.user?.name).toEqualTypeOf<string | undefined>();
  // The route's own types stay.
  expectTypeOf(request.query.page).toEqualTypeOf<number>();
  // @ts-expect-error no field of the schema
  request.session.vists += 1;
  // @ts-expect-error not of the field's type
  request.session.visits = "many";
});

expectTypeOf<FastifyRequest["session"]>().toEqualTypeOf<Session>();
