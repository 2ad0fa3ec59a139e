// What the glue's users see, and what does not compile: the build checks this file.
import Router from "@koa/router";
import Koa, { type Context } from "koa";
import { expectTypeOf } from "vitest";
import type { Session } from "../src/session/index.js";
import { session } from "../src/session/koa.js";

const app = new Koa();
app.use(session());
app.use(session({ skip: (context) => context.path === "/health" }));
// @ts-expect-error the middleware has no such option
app.use(session({ skp: () => true }));

app.use((context) => {
  expectTypeOf(context.session).toEqualTypeOf<Session>();
  expectTypeOf(context.session.user?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error no field of the schema
  context.session.vists += 1;
  // @ts-expect-error not of the field's type
  context.session.visits = "many";
});

new Router().get("/page/:page", (context) => {
  expectTypeOf(context.session).toEqualTypeOf<Session>();
});

expectTypeOf<Context["session"]>().toEqualTypeOf<Session>();
