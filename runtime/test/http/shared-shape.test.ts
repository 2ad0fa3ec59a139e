import { createServer } from "node:http";
import { setFlagsFromString } from "node:v8";
import express5 from "express";
import express4 from "express-4";
import { expect, it } from "vitest";
import { attachSession } from "../../src/http/node.js";
import { setup } from "../session/fixture.js";
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
])("all requests of %s have one shape, and all its responses", async (_name, { given: express }) => {
  const { sessions } = setup({ clock: Date.now });
  const seen: { request: object; response: object }[] = [];
  const app = express();
  app.use((request, response, next) => {
    attachSession(sessions, request, response, { onError: next }).then(() => next(), next);
  });
  app.use((request, response) => {
    seen.push({ request, response });
    response.send("x");
  });
  const origin = `http://127.0.0.1:${await listen(createServer(app))}`;
  // The first ones may differ, while V8 learns what they hold.
  for (let i = 0; i < 5; i += 1) await (await fetch(origin)).text();
  const [one, other] = seen.slice(-2);
  expect(one && other && haveSameShape(one.request, other.request)).toBe(true);
  expect(one && other && haveSameShape(one.response, other.response)).toBe(true);
});
