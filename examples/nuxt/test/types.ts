// What the glue's users see, and what does not compile: the build checks this file.
import { defineEventHandler, type EventHandler } from "h3";
import { expectTypeOf } from "vitest";
import { useSession } from "../app/composables/session";
import type { Session, User } from "../server/session";
import { session, sessionRoute } from "../server/session/nuxt";

expectTypeOf(session()).toEqualTypeOf<EventHandler>();

session({
  skip: ({ path }) => path === "/health",
  trustProxy: 1,
});

// @ts-expect-error skip says yes or no
session({ skip: "/health" });

export default defineEventHandler(({ context }) => {
  expectTypeOf(context.session).toEqualTypeOf<Session>();
  // @ts-expect-error no field of the schema
  context.session.vists += 1;
  return context.session.visits;
});

sessionRoute();

const { data, refresh, clear } = useSession();
expectTypeOf(data.value.notice).toEqualTypeOf<string | undefined>();
expectTypeOf(data.value.user?.name).toEqualTypeOf<User["name"] | undefined>();
// @ts-expect-error no field for browsers
data.value.visits;
expectTypeOf(refresh).toEqualTypeOf<() => Promise<void>>();
expectTypeOf(clear).toEqualTypeOf<() => Promise<void>>();
