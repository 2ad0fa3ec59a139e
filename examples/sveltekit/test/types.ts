// What the glue's users see, and what does not compile: the build checks this file.
import type { Handle, RequestEvent } from "@sveltejs/kit";
import { expectTypeOf } from "vitest";
import type { Session } from "../src/lib/server/session";
import { session } from "../src/lib/server/session/sveltekit";
import type { Actions, PageServerLoad } from "../src/routes/$types";
import type { RequestHandler } from "../src/routes/api/$types";

expectTypeOf<App.Locals["session"]>().toEqualTypeOf<Session>();
expectTypeOf(session()).toEqualTypeOf<Handle>();

session({
  skip: (event) => {
    expectTypeOf(event).toEqualTypeOf<RequestEvent>();
    return event.url.pathname === "/health";
  },
  onError: (error, { url }) => ({ message: `${error.code} at ${url.pathname}` }),
});

// @ts-expect-error the error page has a message
session({ onError: () => ({}) });

export const load: PageServerLoad = ({ locals }) => {
  expectTypeOf(locals.session).toEqualTypeOf<Session>();
  expectTypeOf(locals.session.user?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error no field of the schema
  locals.session.vists += 1;
  return { visits: locals.session.visits };
};

export const actions: Actions = {
  default: ({ locals }) => {
    // @ts-expect-error no value of the field
    locals.session.visits = "3";
  },
};

export const GET: RequestHandler = ({ locals }) => {
  expectTypeOf(locals.session.cart).toEqualTypeOf<Session["cart"]>();
  // @ts-expect-error every kind of sessions has a name of its own
  locals.adminSession;
  return new Response(null);
};
