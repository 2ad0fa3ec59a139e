// What the glue's users see, and what does not compile: the build checks this file.

import type { ActionAPIContext } from "astro:actions";
import type { APIContext, APIRoute, AstroGlobal, MiddlewareHandler } from "astro";
import { expectTypeOf } from "vitest";
import type { Session } from "../src/session";
import { session } from "../src/session/astro";

expectTypeOf<App.Locals["session"]>().toEqualTypeOf<Session>();
expectTypeOf<AstroGlobal["locals"]["session"]>().toEqualTypeOf<Session>();
expectTypeOf<ActionAPIContext["locals"]["session"]>().toEqualTypeOf<Session>();
expectTypeOf(session()).toEqualTypeOf<MiddlewareHandler>();

session({
  skip: (context) => {
    expectTypeOf(context).toEqualTypeOf<APIContext>();
    return context.url.pathname === "/health";
  },
  onError: (error, { url }) => new Response(`${error.code} at ${url.pathname}`, { status: error.status }),
  stream: ({ routePattern }) => routePattern === "/news",
  trustProxy: 1,
});

// @ts-expect-error it answers with a response
session({ onError: () => "Please come back in a minute" });

export const GET: APIRoute = ({ locals, session: own }) => {
  expectTypeOf(locals.session.user?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error no field of the schema
  locals.session.vists += 1;
  // @ts-expect-error no value of the field
  locals.session.visits = "3";
  // @ts-expect-error every kind of sessions has a name of its own
  locals.adminSession;
  // @ts-expect-error Astro's own sessions are others, without the fields
  own?.visits;
  return new Response(null);
};
