import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { withSession } from "../../../src/http/fetch.js";
import { attachSession } from "../../../src/http/node.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { listen } from "../../http/listen.js";
import { cookieHeader, isEpoch, type Session, setup, start, visit } from "../support/fixture.js";

const MINUTE = 60_000;

/** Sessions on a store that counts what is asked of it. */
function counted() {
  const time = { now: start };
  const store = memoryStore({ clock: () => time.now });
  const calls = { read: 0, write: 0, touch: 0, remove: 0 };
  for (const name of ["read", "write", "touch", "remove"] as const) {
    const operation = store[name].bind(store) as (key: string, ...args: unknown[]) => unknown;
    Object.assign(store, {
      [name]: (key: string, ...args: unknown[]) => {
        if (!isEpoch(key)) calls[name] += 1;
        return operation(key, ...args);
      },
    });
  }
  return { ...setup({ store, clock: () => time.now }), time, calls };
}

describe("a session that was switched off", () => {
  it.each<[string, { given: (session: Session) => unknown }]>([
    ["a value that was assigned", { given: (session) => session.$assign({ visits: 9 }) }],
    [
      "a value that was changed in place",
      { given: (session) => session.cart.push({ sku: "a", quantity: 1 }) },
    ],
    ["a flash field that was shown", { given: (session) => session.notice }],
    ["the use of it", { given: (session) => session.$touch() }],
    ["a new id that was asked for", { given: (session) => session.$regenerate() }],
    [
      "the wish to be remembered",
      {
        given: (session) => {
          session.$permanent = true;
        },
      },
    ],
  ])("does not save %s", async (_name, { given }) => {
    const { sessions, calls, time } = counted();
    const header = await visit(sessions, undefined, (session) => session.$assign({ visits: 1, notice: "a" }));
    time.now += 20 * MINUTE;
    const before = { ...calls };
    const session = await sessions.open(header);
    await given(session);
    session.$disable();
    expect([session.$isDisabled, session.$needsCommit, await session.$commit()]).toEqual([true, false, []]);
    expect(calls).toEqual({ ...before, read: before.read + 1 });
    expect((await sessions.open(header)).toJSON()).toMatchObject({ visits: 1, notice: "a", cart: [] });
  });

  it("reads on, and refuses writes", async () => {
    const { sessions } = setup();
    const session = await sessions.open(
      await visit(sessions, undefined, (first) => first.$assign({ visits: 1 })),
    );
    session.$disable();
    expect(session.visits).toBe(1);
    const refusal = expect.objectContaining({ code: "session/disabled" });
    const write = (): void => {
      session.visits = 2;
    };
    expect(write).toThrow(refusal);
    expect(() => session.$clear()).toThrow(refusal);
    expect(() => session.$assign({ visits: 2 })).toThrow(refusal);
    await expect(session.$destroy()).rejects.toEqual(refusal);
    await expect(session.$regenerate()).rejects.toEqual(refusal);
  });

  it("does not lose the cookie of what was committed before", async () => {
    const { sessions } = setup();
    const session = await sessions.open(undefined);
    session.visits = 1;
    const cookies = await session.$commit();
    session.visits = 2;
    session.$disable();
    expect(await session.$commit()).toEqual(cookies);
    expect((await sessions.open(cookieHeader(cookies))).visits).toBe(1);
  });

  it.each<[string, { given: (session: Session) => unknown; want: RegExp }]>([
    ["is forgotten by the browser", { given: (session) => session.$destroy(), want: /^__Host-session=; / }],
    [
      "is not begun anew by what was assigned since",
      {
        given: async (session) => {
          await session.$destroy();
          session.visits = 2;
        },
        want: /^__Host-session=; /,
      },
    ],
    [
      "and was begun anew before, goes on",
      {
        given: async (session) => {
          await session.$destroy();
          session.visits = 2;
          await session.$commit();
        },
        want: /^__Host-session=[\w-]{43}; /,
      },
    ],
  ])("after it was destroyed, %s", async (_name, { given, want }) => {
    const { sessions, calls } = counted();
    const session = await sessions.open(
      await visit(sessions, undefined, (first) => first.$assign({ visits: 1 })),
    );
    await given(session);
    session.$disable();
    const before = { ...calls };
    expect(session.$needsCommit).toBe(true);
    for (const time of ["once", "again"])
      expect(await session.$commit(), time).toEqual([expect.stringMatching(want)]);
    expect(calls).toEqual(before);
  });

  it("of a request without one begins none", async () => {
    const { sessions, calls } = counted();
    const session = await sessions.open(undefined);
    session.visits = 1;
    session.$disable();
    expect(await session.$commit()).toEqual([]);
    expect(calls).toEqual({ read: 0, write: 0, touch: 0, remove: 0 });
  });
});

describe("a request that is skipped", () => {
  const isHealth = ({ url }: { url?: string | undefined }): boolean =>
    new URL(url ?? "", "http://x").pathname === "/health";

  it("neither asks the store nor gets a header, with node:http", async () => {
    const { sessions, calls } = counted();
    const refused: unknown[] = [];
    const server = createServer(async (request, response) => {
      const session = await attachSession(sessions, request, response, { skip: isHealth });
      try {
        session.visits += 1;
      } catch (error) {
        refused.push(error);
      }
      response.end();
    });
    const origin = `http://127.0.0.1:${await listen(server)}`;
    const cookie = cookieHeader((await fetch(`${origin}/`)).headers.getSetCookie());
    const before = { ...calls };
    const response = await fetch(`${origin}/health`, { headers: { cookie, connection: "close" } });
    expect([response.headers.getSetCookie(), response.headers.get("vary")]).toEqual([[], null]);
    expect(calls).toEqual(before);
    expect(refused).toEqual([expect.objectContaining({ code: "session/disabled" })]);
  });

  it("neither asks the store nor gets a header, with Fetch", async () => {
    const { sessions, calls } = counted();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const before = { ...calls };
    const mine = new Response("ok");
    const request = new Request("https://example.org/health", { headers: { cookie } });
    const answer = await withSession(
      sessions,
      request,
      (session) => {
        expect([session.$isDisabled, session.visits]).toEqual([true, 0]);
        return mine;
      },
      { skip: isHealth },
    );
    expect(answer).toBe(mine);
    expect(calls).toEqual(before);
  });
});
