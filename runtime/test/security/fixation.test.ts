import { describe, expect, it } from "vitest";
import { cookieStore } from "../../src/transports/carrier.js";
import { cookieValue, hosts, serve } from "./application.js";

const secret = "a secret of at least thirty-two characters";

describe.each(hosts)("session fixation, %s", (_name, host) => {
  it("an id that the server never gave out is not adopted", async () => {
    const { ask, sessions } = await serve(host);
    const planted = `__Host-session=${"A".repeat(43)}`;
    const { setCookies } = await ask("/login", planted);
    expect(setCookies).toHaveLength(1);
    expect(cookieValue(setCookies[0])).not.toBe(cookieValue(planted));
    expect((await sessions.open(planted)).$isNew).toBe(true);
  });

  it("an id of the attacker's own session is worth nothing once the victim has logged in with it", async () => {
    const { ask, browser, origin } = await serve(host);
    const [attackers = ""] = (await ask("/visit")).setCookies;
    const victim = browser();
    await victim.jar.setCookie(attackers, `${origin}/`);
    const { session } = await victim.go("/login?as=ada");
    expect(session).toMatchObject({ user: "ada", visits: 1 });
    expect(await victim.cookie()).not.toBe(attackers.split(";")[0]);
    expect((await ask("/", attackers.split(";")[0])).session).not.toHaveProperty("user");
  });

  it("the id changes with every change of the user, and stays without one", async () => {
    const { browser } = await serve(host);
    const { go, cookie } = browser();
    const seen: string[] = [];
    for (const path of ["/visit", "/login?as=ada", "/login?as=ada", "/login?as=grace", "/renew"]) {
      await go(path);
      seen.push(await cookie());
    }
    expect(new Set(seen).size).toBe(4);
    expect(seen[1]).toBe(seen[2]);
  });

  it("a destroyed id is not adopted again, not even by whom it belonged to", async () => {
    const { ask } = await serve(host);
    const [cookie = ""] = (await ask("/login")).setCookies;
    const pair = cookie.split(";")[0];
    await ask("/logout", pair);
    const { setCookies } = await ask("/visit", pair);
    expect(cookieValue(setCookies[0])).not.toBe(cookieValue(cookie));
  });
});

describe.each(hosts)("replay, %s", (_name, host) => {
  it("after logout the old cookie opens nothing, and the browser has none", async () => {
    const { ask, browser } = await serve(host);
    const { go, cookie } = browser();
    await go("/login?as=ada");
    const old = await cookie();
    await go("/logout");
    expect(await cookie()).toBe("");
    expect((await ask("/", old)).session).toEqual({ visits: 0, cart: [], log: [] });
  });

  it("after the id has changed the old cookie opens nothing, and the new one everything", async () => {
    const { ask, browser } = await serve(host);
    const { go, cookie } = browser();
    await go("/login?as=ada");
    const old = await cookie();
    await go("/renew");
    expect((await ask("/", old)).session).not.toHaveProperty("user");
    expect((await go("/")).session).toMatchObject({ user: "ada" });
  });

  it("a request under way cannot bring the session back after logout", async () => {
    const { ask, sessions } = await serve(host);
    const [cookie = ""] = (await ask("/login")).setCookies;
    const late = await sessions.open(cookie.split(";")[0]);
    await ask("/logout", cookie.split(";")[0]);
    late.visits = 9;
    await expect(late.$commit()).rejects.toMatchObject({ code: "session/gone", status: 409 });
    expect((await ask("/", cookie.split(";")[0])).session).not.toHaveProperty("user");
  });

  // The price of the cookie store, said in docs/security.md: nothing on the server knows that the session has ended.
  it("a session that travels in its cookie can be replayed after logout, until it expires", async () => {
    const time = { now: Date.now() };
    const { ask } = await serve(host, { store: cookieStore({ secrets: [secret] }), clock: () => time.now });
    const [cookie = ""] = (await ask("/login")).setCookies;
    const pair = cookie.split(";")[0];
    await ask("/logout", pair);
    expect((await ask("/", pair)).session).toMatchObject({ user: "ada" });
    time.now += 30 * 60_000;
    expect((await ask("/", pair)).session).not.toHaveProperty("user");
  });
});
