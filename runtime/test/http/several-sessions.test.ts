import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { attachSession } from "../../src/http/node.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import type { SessionStore } from "../../src/stores/store.js";
import { type Session, setup, visit } from "../session/support/fixture.js";
import { listen } from "./listen.js";

type Kind = "shop" | "admin";

/** A server with two kinds of session, which answers with what the handler does to them. */
async function serve(
  handler: (sessions: Record<Kind, Session>, response: ServerResponse, request: IncomingMessage) => void,
  stores: Record<Kind, SessionStore> = { shop: memoryStore(), admin: memoryStore() },
) {
  const kind = (name: Kind) =>
    setup({ store: stores[name], clock: Date.now, cookie: { name, secure: false } }).sessions;
  const kinds = { shop: kind("shop"), admin: kind("admin") };
  const failed: Kind[] = [];
  const server = createServer(async (request, response) => {
    const attach = (name: Kind) =>
      attachSession(kinds[name], request, response, {
        onError: () => {
          failed.push(name);
          response.writeHead(503).end();
        },
      });
    handler({ shop: await attach("shop"), admin: await attach("admin") }, response, request);
  });
  const port = await listen(server);
  return { kinds, failed, origin: `http://127.0.0.1:${port}` };
}

const full = { write: () => Promise.reject(new Error("full")) };

const names = (response: Response): string[] =>
  response.headers.getSetCookie().map((cookie) => cookie.split("=")[0] ?? "");

it.each<[string, { given: readonly Kind[]; want: readonly Kind[] }]>([
  ["neither", { given: [], want: [] }],
  ["the first", { given: ["shop"], want: ["shop"] }],
  ["the second", { given: ["admin"], want: ["admin"] }],
  ["both, in the order they were attached", { given: ["admin", "shop"], want: ["shop", "admin"] }],
])("a response hands out %s", async (_name, { given, want }) => {
  const { origin } = await serve((sessions, response) => {
    for (const name of given) sessions[name].visits += 1;
    response.end("x");
  });
  const response = await fetch(origin);
  expect([await response.text(), names(response)]).toEqual(["x", want]);
});

it.each<[string, { given: Kind; want: Kind }]>([
  ["the first", { given: "shop", want: "admin" }],
  ["the second", { given: "admin", want: "shop" }],
])("when %s cannot be saved, it is what answers, and the other is saved", async (_name, { given, want }) => {
  const stores = { shop: memoryStore(), admin: memoryStore(), [given]: Object.assign(memoryStore(), full) };
  const { failed, kinds, origin } = await serve(({ shop, admin }, response) => {
    shop.visits = 1;
    admin.visits = 1;
    response.end("success");
  }, stores);
  const response = await fetch(origin);
  expect([response.status, await response.text(), failed]).toEqual([503, "", [given]]);
  // The client must learn of the session that is there now.
  expect(names(response)).toEqual([want]);
  const [cookie] = response.headers.getSetCookie();
  expect((await kinds[want].open(cookie?.split(";")[0])).visits).toBe(1);
});

describe("one that is attached while the response is under way", () => {
  /** The answer to a browser whose session of another kind is counted up late, and what is stored then. */
  async function late(fails: boolean) {
    const store = memoryStore();
    const { sessions } = setup({ store, clock: Date.now, cookie: { name: "late", secure: false } });
    const cookie = await visit(sessions, undefined, (session) => {
      session.visits = 1;
    });
    if (fails) Object.assign(store, full);
    const { origin } = await serve((_sessions, response, request) => {
      response.write("first ");
      attachSession(sessions, request, response).then((session) => {
        session.visits += 1;
        response.end("second");
      });
    });
    const read = async () => (await fetch(origin, { headers: { cookie } })).text();
    return { read, visits: async () => (await sessions.open(cookie)).visits };
  }

  it("is saved before the response ends", async () => {
    const { read, visits } = await late(false);
    expect(await read()).toBe("first second");
    expect(await visits()).toBe(2);
  });

  it("breaks the connection when it cannot be saved", async () => {
    const { read } = await late(true);
    await expect(read()).rejects.toThrow(TypeError);
  });
});
