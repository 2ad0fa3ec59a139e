// What the glue's users see, and what does not compile: the build checks this file.
import { createFileRoute } from "@tanstack/react-router";
import { createMiddleware, createServerFn } from "@tanstack/react-start";
import { expectTypeOf } from "vitest";
import { visitor } from "../src/lib/visitor";
import type { Session } from "../src/session";
import { session } from "../src/session/tanstack-start";

// By the middleware of start.ts: server functions and server routes know by themselves.
createServerFn().handler(({ context }) => {
  expectTypeOf(context.session).toEqualTypeOf<Session>();
  expectTypeOf(context.session.user?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error no field of the schema
  context.session.vists += 1;
  // @ts-expect-error no value of the field
  context.session.visits = "3";
  // @ts-expect-error every kind of sessions has a name of its own
  context.adminSession;
});

createFileRoute("/api/notice")({
  server: {
    handlers: {
      GET: ({ context }) => {
        expectTypeOf(context.session).toEqualTypeOf<Session>();
        return new Response(null);
      },
    },
  },
});

// Other middleware names it.
createMiddleware()
  .middleware([visitor])
  .server(({ context, next }) => {
    expectTypeOf(context.session).toEqualTypeOf<Session>();
    return next();
  });

// @ts-expect-error a session cannot be sent to a browser: what pages show can
createServerFn().handler(({ context }) => context.session);

session({
  skip: ({ url }) => new URL(url).pathname === "/health",
  onError: (error, { url }) => new Response(`${error.code} at ${url}`, { status: error.status }),
  trustProxy: 1,
});
// @ts-expect-error it answers with a response
session({ onError: () => "Please come back in a minute" });
