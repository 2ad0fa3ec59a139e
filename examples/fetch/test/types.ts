// What the glue's users see, and what does not compile: the build checks this file.
import { expectTypeOf } from "vitest";
import { session } from "../src/session/fetch.js";
import type { Session } from "../src/session/index.js";

const fetch = session((request, visitor) => {
  expectTypeOf(visitor).toEqualTypeOf<Session>();
  expectTypeOf(visitor.user?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error no field of the schema
  visitor.vists += 1;
  // @ts-expect-error not of the field's type
  visitor.visits = "many";
  return new Response(request.url);
});
expectTypeOf(fetch).toEqualTypeOf<(request: Request) => Promise<Response>>();

// What else a server hands over: workerd's environment, Deno's connection.
const worker = session(
  (_request, _visitor, environment: { readonly region: string }) => new Response(environment.region),
  { skip: ({ url }) => url.endsWith("/health"), trustProxy: 1 },
);
expectTypeOf(worker).toEqualTypeOf<
  (request: Request, environment: { readonly region: string }) => Promise<Response>
>();

// @ts-expect-error no such option
session(() => new Response(), { skp: () => true });
