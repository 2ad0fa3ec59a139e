// What the glue's users see, and what does not compile: the build checks this file.
import { createServer } from "node:http";
import { expectTypeOf } from "vitest";
import type { Session } from "../src/session/index.js";
import { session } from "../src/session/node.js";

createServer(
  session(
    (request, response, visitor) => {
      expectTypeOf(visitor).toEqualTypeOf<Session>();
      expectTypeOf(visitor.user?.name).toEqualTypeOf<string | undefined>();
      // @ts-expect-error no field of the schema
      visitor.vists += 1;
      // @ts-expect-error not of the field's type
      visitor.visits = "many";
      response.end(request.url);
    },
    { skip: ({ url }) => url === "/health", trustProxy: ["10.0.0.0/8"] },
  ),
);

// @ts-expect-error no such option
session(() => {}, { skp: () => true });
