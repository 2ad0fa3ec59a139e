// What the glue's users see, and what does not compile: the build checks this file.
import { defineHandler, H3 } from "h3";
import { expectTypeOf } from "vitest";
import { session } from "../src/session/h3.js";
import type { Session } from "../src/session/index.js";

new H3().use(session()).get("/", ({ context }) => {
  expectTypeOf(context.session).toEqualTypeOf<Session>();
  expectTypeOf(context.session.user?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error no field of the schema
  context.session.vists += 1;
  // @ts-expect-error not of the field's type
  context.session.visits = "many";
  // @ts-expect-error another name
  return context.sesion;
});

// Handlers in files of their own know, too.
defineHandler(({ context }) => {
  expectTypeOf(context.session).toEqualTypeOf<Session>();
});

new H3().use(session({ skip: ({ url }) => url.pathname === "/health", trustProxy: 1 }));
// @ts-expect-error the middleware has no such option
session({ skp: () => true });
