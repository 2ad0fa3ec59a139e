// What the glue's users see, and what does not compile: the build checks this file.
import { type Context, Hono } from "hono";
import { expectTypeOf } from "vitest";
import { type SessionEnv, session } from "../src/session/hono.js";
import type { Session } from "../src/session/index.js";

// After the middleware, handlers know by themselves.
new Hono().use(session()).get("/", (context) => {
  expectTypeOf(context.var.session).toEqualTypeOf<Session>();
  expectTypeOf(context.get("session")).toEqualTypeOf<Session>();
  expectTypeOf(context.var.session.user?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error no field of the schema
  context.var.session.vists += 1;
  // @ts-expect-error not of the field's type
  context.var.session.visits = "many";
  return context.json({});
});

// Handlers in files of their own say that they have one, beside what else they have.
const handler = (context: Context<SessionEnv>) => context.json({ visits: context.var.session.visits });
new Hono<SessionEnv & { Variables: { trace: string } }>().use(session()).get("/", handler);
// @ts-expect-error without the middleware there is none
new Hono().get("/", (context) => context.json(context.var.session));

new Hono().use(session({ skip: (context) => context.req.path === "/health", trustProxy: 1 }));
// @ts-expect-error the middleware has no such option
session({ skp: () => true });
