// What the glue's users see, and what does not compile: the build checks this file.
import { Elysia } from "elysia";
import { expectTypeOf } from "vitest";
import { type SessionFailure, session } from "../src/session/elysia.js";
import type { Session } from "../src/session/index.js";

// After the plugin, routes, hooks and what is derived know by themselves.
new Elysia()
  .use(session())
  .derive(({ session }) => ({ name: session.user?.name }))
  .onBeforeHandle(({ session }) => expectTypeOf(session).toEqualTypeOf<Session>())
  .get("/", ({ name, session }) => {
    expectTypeOf(session).toEqualTypeOf<Session>();
    expectTypeOf(name).toEqualTypeOf<string | undefined>();
    // @ts-expect-error no field of the schema
    session.vists += 1;
    // @ts-expect-error not of the field's type
    session.visits = "many";
    return {};
  });

// A plugin in a file of its own, which uses it, too; and what it is for an application that uses
// that.
const account = new Elysia({ prefix: "/account" }).use(session()).get("/", ({ session }) => session.visits);
const app = new Elysia().use(account).get("/", ({ session }) => session.visits);
expectTypeOf<(typeof app)["~Routes"]["account"]["get"]["response"][200]>().toEqualTypeOf<number>();

// @ts-expect-error without the plugin there is none
new Elysia().get("/", ({ session }) => session);

new Elysia().use(session()).onError(({ code, error }) => {
  if (code !== "SessionFailure") return;
  expectTypeOf(error).toEqualTypeOf<Readonly<SessionFailure>>();
});

session({ skip: (request) => request.url.endsWith("/health"), trustProxy: 1 });
// @ts-expect-error the plugin has no such option
session({ skp: () => true });
