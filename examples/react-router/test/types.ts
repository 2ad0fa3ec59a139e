// What the glue's users see, and what does not compile: the build checks this file.
import type {
  ActionFunctionArgs,
  LoaderFunctionArgs,
  MiddlewareFunction,
  RouterContext,
  SessionStorage,
} from "react-router";
import { expectTypeOf } from "vitest";
import type { Session, SessionData } from "../app/.server/session";
import { session, sessionContext } from "../app/.server/session/react-router";
import { sessionStorage } from "../app/.server/session/react-router-storage";
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

// Written for createSessionStorage.
export const old = async ({ context, request }: Route.ActionArgs) => {
  const storage = sessionStorage(context);
  expectTypeOf(storage).toExtend<SessionStorage<SessionData, Pick<SessionData, "notice">>>();
  const session = await storage.getSession(request.headers.get("Cookie"));
  expectTypeOf(session.get("visits")).toEqualTypeOf<number | undefined>();
  session.flash("notice", "Saved");
  // @ts-expect-error a field that is not shown once
  session.flash("device", "a telephone");
  // @ts-expect-error no field of the schema
  session.get("vists");
  // @ts-expect-error the config has the options of the cookie
  await storage.commitSession(session, { maxAge: 60 });
};

// In the root: as the framework types it, or by itself.
expectTypeOf(session()).toEqualTypeOf<MiddlewareFunction<Response>>();
export const middleware: Route.MiddlewareFunction[] = [session()];
session({ skip: ({ request }) => new URL(request.url).pathname === "/health", trustProxy: 1 });
// @ts-expect-error the middleware has no such option
session({ skp: () => true });
