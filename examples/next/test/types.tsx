// What the glue's users see, and what does not compile: the build checks this file.
import type { NextRequest } from "next/server";
import { expectTypeOf } from "vitest";
import { type Session, sessions } from "../src/session";
import { type ReadonlySession, session, sessionAction, sessionRoute } from "../src/session/next";
import { sessionProxy } from "../src/session/next-proxy";

// A Server Component: everything is there to be read, and nothing to be written.
export async function Component() {
  const reading = await session();
  expectTypeOf(reading).toEqualTypeOf<ReadonlySession>();
  expectTypeOf(reading.user?.name).toEqualTypeOf<string | undefined>();
  expectTypeOf(reading.toJSON().visits).toEqualTypeOf<number | undefined>();
  expectTypeOf(reading.$id).toEqualTypeOf<string | undefined>();
  // @ts-expect-error a Server Component cannot write
  reading.visits += 1;
  // @ts-expect-error nor in place
  reading.cart.push({ sku: "tea", quantity: 1 });
  // @ts-expect-error nor in what is in a field
  reading.cart[0].quantity = 2;
  // @ts-expect-error nor remember a visitor
  reading.$permanent = true;
  // @ts-expect-error nor log one out
  await reading.$destroy();
  // @ts-expect-error it is saved, or not, by others
  await reading.$commit();
  // @ts-expect-error what writes takes a session that can be written
  takes(reading);
  await sessions.list("user.id", "", { current: reading });
  // @ts-expect-error there is no such field
  return <p>{reading.vists}</p>;
}

function takes(_session: Session): void {}

// A Server Action: called with what is left of its parameters, by a form, too.
const rename = sessionAction(async (session, form: FormData) => {
  expectTypeOf(session).toEqualTypeOf<Session>();
  session.notice = String(form.get("name"));
});
expectTypeOf(rename).toEqualTypeOf<(form: FormData) => Promise<void>>();
expectTypeOf(sessionAction(async (session) => session.visits)).toEqualTypeOf<() => Promise<number>>();
// @ts-expect-error Next.js 15 wants it to be async
sessionAction((session) => session.visits);
sessionAction(async (session) => {
  // @ts-expect-error not of the field's type
  session.visits = "many";
});
export const Form = () => <form action={rename} />;

// A Route Handler: with its parameters, where its path has some.
const GET = sessionRoute(async (session, request, { params }: { params: Promise<{ id: string }> }) => {
  expectTypeOf(session).toEqualTypeOf<Session>();
  expectTypeOf(request).toEqualTypeOf<NextRequest>();
  return Response.json({ id: (await params).id });
});
expectTypeOf(GET).toEqualTypeOf<
  (request: NextRequest, context: { params: Promise<{ id: string }> }) => Promise<Response>
>();
sessionRoute(() => new Response(), { onError: () => undefined });
// @ts-expect-error a handler answers
sessionRoute((session) => session.visits);

// The proxy: answers, or lets the request go on.
sessionProxy((session) => {
  expectTypeOf(session).toEqualTypeOf<Session>();
  session.visits += 1;
});
sessionProxy((session, request) =>
  session.user === undefined ? Response.redirect(new URL("/", request.url)) : undefined,
);
