/** @module-tag slow */
import { createServer } from "node:http";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { describe, expect, it } from "vitest";
import { attachSession } from "../../../src/http/node.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { listen } from "../../http/listen.js";
import { setup } from "../support/fixture.js";

/** A store some way off: requests overlap. */
function distant(): SessionStore {
  const store = memoryStore();
  const far = <T>(call: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => setTimeout(() => call().then(resolve, reject), 2));
  return {
    kind: "distant",
    read: (...args) => far(() => store.read(...args)),
    write: (...args) => far(() => store.write(...args)),
    touch: (...args) => far(() => store.touch(...args)),
    remove: (...args) => far(() => store.remove(...args)),
    close: () => store.close(),
  };
}

async function serve(permanent: boolean) {
  const { sessions } = setup({
    store: distant(),
    clock: Date.now,
    cookie: { secure: false, name: "session" },
  });
  const server = createServer(async (request, response) => {
    const session = await attachSession(sessions, request, response);
    session.visits += 1;
    if (request.url === "/login") session.user = "ada";
    if (permanent && request.url === "/") session.$permanent = true;
    response.end(session.user ?? "");
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  /** One jar, whatever it asks at once. */
  const browser = () => {
    const jar = new CookieJar();
    const go = makeFetchCookie(fetch, jar);
    return {
      go: async (path: string, method = "GET") => {
        const response = await go(`${origin}${path}`, { method });
        return { status: response.status, user: await response.text() };
      },
    };
  };
  return { browser };
}

describe.each([
  ["a session of the browser's", false],
  ["a permanent session", true],
])("a login beside three requests that write, in %s", (_name, permanent) => {
  it.each(["GET", "POST"])("with %s keeps the login, 20 of 20", async (method) => {
    const { browser } = await serve(permanent);
    const kept: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const { go } = browser();
      await go("/");
      const login = go("/login", "POST");
      // One before its answer, two after: with the old id all of them, or with the new one.
      const others = [go("/a", method), login.then(() => go("/b", method)), go("/c", method)];
      const statuses = (await Promise.all([login, ...others])).map(({ status }) => status);
      expect([200, 409]).toEqual(expect.arrayContaining([...new Set(statuses)]));
      if (method === "GET") expect(new Set(statuses)).toEqual(new Set([200]));
      kept.push((await go("/")).user);
    }
    expect(kept).toEqual(Array(20).fill("ada"));
  });

  it("begun with the old id, and answered after the login, replaces nothing", async () => {
    const { browser } = await serve(permanent);
    for (let round = 0; round < 20; round += 1) {
      const { go } = browser();
      await go("/");
      await Promise.all([go("/login", "POST"), go("/1"), go("/2"), go("/3")]);
      expect((await go("/")).user).toBe("ada");
    }
  });
});
