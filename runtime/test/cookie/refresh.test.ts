import { describe, expect, it } from "vitest";
import type { CookieOptions } from "../../src/index.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import { type Session, setup, start, visit } from "../session/support/fixture.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const nothing = (): void => {};
const read = (session: Session): void => void session.visits;

describe("at a request that changes nothing, one minute after the one before", () => {
  it.each<
    [
      string,
      {
        given: { refresh?: CookieOptions["refresh"]; permanent: boolean; use: (session: Session) => void };
        want: { moved: boolean; cookies: number };
      },
    ]
  >([
    [
      "nothing moves unless asked for",
      { given: { permanent: true, use: read }, want: { moved: false, cookies: 0 } },
    ],
    [
      "nothing moves on change",
      { given: { refresh: "on-change", permanent: true, use: read }, want: { moved: false, cookies: 0 } },
    ],
    [
      "the end of the session and of its persistent cookie move with every request",
      { given: { refresh: "every-request", permanent: true, use: read }, want: { moved: true, cookies: 1 } },
    ],
    [
      "even of one that leaves the session alone",
      {
        given: { refresh: "every-request", permanent: true, use: nothing },
        want: { moved: true, cookies: 1 },
      },
    ],
    [
      "a cookie that ends with the browser needs no refreshing",
      {
        given: { refresh: "every-request", permanent: false, use: nothing },
        want: { moved: true, cookies: 0 },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const cookie = given.refresh === undefined ? {} : { refresh: given.refresh };
    const { sessions, time } = setup({ cookie });
    const header = await visit(sessions, undefined, (session) => {
      session.$permanent = given.permanent;
      session.visits = 1;
    });
    time.now += MINUTE;
    const session = await sessions.open(header);
    given.use(session);
    const cookies = await session.$commit();
    const idle = given.permanent ? 31 * DAY : 30 * MINUTE;
    expect(cookies).toHaveLength(want.cookies);
    for (const set of cookies) {
      expect(set).toContain(`Max-Age=${idle / 1000}; `);
      expect(set).toContain(`Expires=${new Date(time.now + idle).toUTCString()}`);
    }
    expect((await sessions.open(header)).$expiresAt.getTime()).toBe(start + idle + (want.moved ? MINUTE : 0));
  });

  it("no refresh goes beyond the absolute lifetime, and none writes once that is reached", async () => {
    const time = { now: start };
    const store = memoryStore({ clock: () => time.now });
    let touches = 0;
    const touch = store.touch.bind(store);
    store.touch = (...args) => {
      touches += 1;
      return touch(...args);
    };
    const lifetime = { idle: 30 * MINUTE, absolute: 31 * MINUTE, permanent: { idle: 1, absolute: 1 } };
    const { sessions } = setup({
      store,
      clock: () => time.now,
      lifetime,
      cookie: { refresh: "every-request" },
    });
    const header = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    for (const minute of [10, 20, 29]) {
      time.now = start + minute * MINUTE;
      await visit(sessions, header, nothing);
    }
    expect(touches).toBe(1);
    expect((await sessions.open(header)).$expiresAt.getTime()).toBe(start + 31 * MINUTE);
  });

  it("a stranger gets nothing refreshed", async () => {
    const { sessions } = setup({ cookie: { refresh: "every-request" } });
    expect(await (await sessions.open(undefined)).$commit()).toEqual([]);
    expect(await (await sessions.open(`__Host-session=${"A".repeat(43)}`)).$commit()).toEqual([]);
  });
});
