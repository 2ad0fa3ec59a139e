import { createServer } from "node:http";
import { setFlagsFromString } from "node:v8";
import express5, { type Express } from "express";
import express4 from "express-4";
import { expect, it } from "vitest";
import { attachSession } from "../../src/http/node.js";
import type { Sessions } from "../../src/session/lifecycle/sessions.js";
import { type Session, setup } from "../session/support/fixture.js";
import { listen } from "./listen.js";

setFlagsFromString("--allow-natives-syntax");
/** V8's own answer. */
const haveSameShape = new Function("one", "other", "return %HaveSameMap(one, other)") as (
  one: object,
  other: object,
) => boolean;

it.each([
  ["Express 5", { given: express5 }],
  ["Express 4", { given: express4 as typeof express5 }],
])("most requests of %s have one shape, and so do its responses", async (_name, { given: express }) => {
  const { sessions } = setup({ clock: Date.now });
  let requests = 0;
  let responses = 0;
  // Not all: V8 changes the shape while it learns what they hold, forgets shapes when it collects garbage, and has one place for those of two
  // prototypes in 64. Each application has prototypes of its own.
  for (let application = 0; application < 10; application += 1) {
    const seen = await serve(express(), sessions);
    requests += likeTheOneBefore(seen.map(({ request }) => request));
    responses += likeTheOneBefore(seen.map(({ response }) => response));
  }
  expect(requests).toBeGreaterThan(45);
  expect(responses).toBeGreaterThan(45);
});

/** The requests and responses of ten visits. */
async function serve(app: Express, sessions: Sessions<Session>) {
  const seen: { readonly request: object; readonly response: object }[] = [];
  app.use((request, response, next) => {
    attachSession(sessions, request, response, { onError: next }).then(() => next(), next);
  });
  app.use((request, response) => {
    seen.push({ request, response });
    response.send("x");
  });
  const origin = `http://127.0.0.1:${await listen(createServer(app))}`;
  for (let visit = 0; visit < 10; visit += 1) await (await fetch(origin)).text();
  return seen;
}

function likeTheOneBefore(objects: readonly object[]): number {
  return objects.filter((object, i) => haveSameShape(object, objects[i - 1] ?? {})).length;
}
