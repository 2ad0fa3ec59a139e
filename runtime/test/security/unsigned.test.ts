import { describe, expect, it } from "vitest";
import type { CookieOptions } from "../../src/index.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import { cookieHeader, setup } from "../session/support/fixture.js";

const [first, second] = ["the first secret, long enough to be one", "the second secret, long enough, too"];

/** Nodes with one store, each with what it knows of the cookie, and a browser that goes to whichever of them. */
function cluster() {
  const store = memoryStore();
  let jar: string | undefined;
  return {
    cookie: () => jar,
    node: (cookie: CookieOptions, clock = Date.now) => {
      const { sessions } = setup({ store, clock, cookie });
      return async (method: string, login?: string, visits = 0) => {
        const session = await sessions.open(jar, { method });
        if (login !== undefined) session.user = login;
        if (visits > 0) session.visits += visits;
        const set = await session.$commit();
        if (set.length > 0) jar = cookieHeader(set);
        return { user: session.user, set: set.length };
      };
    },
  };
}

describe("from unsigned cookies to signed ones", () => {
  it("sessions go on with acceptUnsigned, and get a signed cookie", async () => {
    const { node, cookie } = cluster();
    await node({})("GET", "ada");
    const unsigned = cookie();
    const newer = node({ secrets: [first], acceptUnsigned: true });
    expect(await newer("GET")).toEqual({ user: "ada", set: 1 });
    expect(cookie()).toMatch(new RegExp(`^${unsigned}\\.`));
    expect(await newer("GET")).toEqual({ user: "ada", set: 0 });
    // The accept phase is over, for this session as well.
    expect(await node({ secrets: [first] })("GET")).toEqual({ user: "ada", set: 0 });
  });

  it("without it they are refused", async () => {
    const { node } = cluster();
    await node({})("GET", "ada");
    expect(await node({ secrets: [first] })("GET")).toEqual({ user: undefined, set: 0 });
  });

  it("nodes of the older deploy know the session by its signed cookie, and leave it", async () => {
    const { node, cookie } = cluster();
    const [older, newer] = [node({}), node({ secrets: [first], acceptUnsigned: true })];
    await newer("GET", "ada");
    const signed = cookie();
    expect(await older("GET")).toEqual({ user: "ada", set: 0 });
    expect(cookie()).toBe(signed);
    // A login there gives an id without a signature, which the newer ones take, too.
    await older("POST", "grace");
    expect(await newer("GET")).toEqual({ user: "grace", set: 1 });
    expect(await older("GET")).toEqual({ user: "grace", set: 0 });
  });
});

describe("a new secret", () => {
  it("in two steps, behind and then in front, is noticed by nobody at any node", async () => {
    const { node, cookie } = cluster();
    const deploys: CookieOptions[] = [
      { secrets: [first] },
      { secrets: [first, second] },
      { secrets: [second, first] },
      { secrets: [second] },
    ];
    await node(deploys[0] ?? {})("GET", "ada");
    for (const [index, newer] of deploys.entries()) {
      const [before, after] = [node(deploys[Math.max(0, index - 1)] ?? {}), node(newer)];
      for (const go of [before, after, before, after]) expect((await go("GET")).user).toBe("ada");
    }
    expect(await node({ secrets: [second] })("GET")).toEqual({ user: "ada", set: 0 });
    expect(cookie()).toContain(".");
  });

  it("in one step: a node that does not know it leaves the cookie to those that do", async () => {
    const { node, cookie } = cluster();
    const [older, newer] = [node({ secrets: [first] }), node({ secrets: [second, first] })];
    await newer("GET", "ada");
    const signed = cookie();
    expect(await older("GET")).toEqual({ user: undefined, set: 0 });
    expect(cookie()).toBe(signed);
    expect((await newer("GET")).user).toBe("ada");
    // What is written without a session would take another one: dropped where nobody asked for a change, refused where somebody did.
    expect(await older("GET", undefined, 1)).toEqual({ user: undefined, set: 0 });
    await expect(older("POST", undefined, 1)).rejects.toMatchObject({ code: "session/moved", status: 409 });
    expect(cookie()).toBe(signed);
    // Who logs in there wants to be somebody now.
    expect(await older("POST", "grace")).toEqual({ user: "grace", set: 1 });
    expect((await newer("GET")).user).toBe("grace");
  });

  it("that is unknown for more than an hour is no newer deploy's: nobody is locked out by what was taken out", async () => {
    const { node, cookie } = cluster();
    await node({ secrets: [second] })("GET", "ada");
    const signed = cookie();
    const later = node({ secrets: [first] }, () => Date.now() + 60 * 60_000 + 1000);
    expect(await later("POST", undefined, 1)).toEqual({ user: undefined, set: 1 });
    expect(cookie()).not.toBe(signed);
  });
});
