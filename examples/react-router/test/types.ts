// What the glue's users see, and what does not compile: the build checks this file.
import type { ActionFunctionArgs, LoaderFunctionArgs, MiddlewareFunction, RouterContext } from "react-router";
import { expectTypeOf } from "vitest";
import type { Session } from "../app/.server/session";
import { session, sessionContext } from "../app/.server/session/react-router";
import type { Route } from "../app/routes/+types/home";

expectTypeOf(sessionContext).toEqualTypeOf<RouterContext<Session>>();

// Loaders, actions and middleware, typed by their route or by themselves.
export const loader = ({ context }: Route.LoaderArgs) => {
  const session = context.get(sessionContext);
  expectTypeOf(session).toEqualTypeOf<Session>();
  expectTypeOf(session.user?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error no field of the schema
  session.vists += 1;
  // @ts-expect-error not of the field's type
  session.visits = "many";
};
export const action = ({ context }: ActionFunctionArgs) => {
  expectTypeOf(context.get(sessionContext)).toEqualTypeOf<Session>();
};
export const load = ({ context }: LoaderFunctionArgs) => {
  expectTypeOf(context.get(sessionContext).visits).toEqualTypeOf<number>();
  // @ts-expect-error it is in the context, and not a part of it
  return context.session;
};
export const last: Route.MiddlewareFunction = async ({ context }, next) => {
  const response = await next();
  expectTypeOf(context.get(sessionContext)).toEqualTypeOf<Session>();
  return response;
};

// In the root: as the framework types it, or by itself.
expectTypeOf(session()).toEqualTypeOf<MiddlewareFunction<Response>>();
export const middleware: Route.MiddlewareFunction[] = [session()];
session({ skip: ({ request }) => new URL(request.url).pathname === "/health", trustProxy: 1 });
// @ts-expect-error the middleware has no such option
session({ skp: () => true });
