import { describe, expect, it } from "vitest";
import { resolveCookie } from "../../src/cookie/options.js";
import { identityOf } from "../../src/crypto/identity.js";
import { application } from "../session/support/fixture.js";
import { cookieValue, hosts, serve } from "./application.js";

const planted = "A".repeat(43);

describe.each(hosts)("cookie tossing, %s", (_name, host) => {
  it("of two cookies of the name nobody knows which one was planted: neither is taken", async () => {
    const { ask, refused } = await serve(host);
    const [own = ""] = (await ask("/login")).setCookies;
    const [attackers = ""] = (await ask("/login?as=mallory")).setCookies;
    const [one, other] = [own.split(";")[0], attackers.split(";")[0]];
    for (const header of [`${one}; ${other}`, `${other}; ${one}`, `${one}; a=b; __Host-session=${planted}`]) {
      expect((await ask("/", header)).session).not.toHaveProperty("user");
    }
    expect(refused).toEqual(["ambiguous", "ambiguous", "ambiguous"]);
  });

  it("from another path, without the prefix: the browser sends both, neither is taken, and both go", async () => {
    const { browser, origin } = await serve(host, { cookie: { name: "session" } });
    const { jar, go } = browser();
    await go("/login?as=ada");
    await jar.setCookie(`session=${planted}; Path=/account`, `${origin}/account`);
    expect((await go("/account/")).session).not.toHaveProperty("user");
    expect(jar.getCookiesSync(`${origin}/account/`)).toEqual([]);
    await go("/login?as=ada");
    expect((await go("/account/")).session).toMatchObject({ user: "ada" });
  });

  it.each([
    ["for the whole domain", `__Host-session=${planted}; Domain=localhost; Path=/; Secure`],
    ["for another path", `__Host-session=${planted}; Path=/account; Secure`],
    ["without Secure", `__Host-session=${planted}; Path=/`],
  ])("the prefix keeps a cookie %s out of the browser", async (_case, cookie) => {
    const { browser, origin } = await serve(host);
    const { jar, go } = browser();
    await go("/login?as=ada");
    await jar.setCookie(cookie, `${origin}/account`, { ignoreError: true });
    expect((await go("/account/")).session).toMatchObject({ user: "ada" });
  });

  it.each([
    ["in lower case", "__host-session"],
    ["behind a no-break space", "\xa0__Host-session"],
    ["behind a next-line character", "\x85__Host-session"],
    ["behind an en quad, as UTF-8", "\xe2\x80\x80__Host-session"],
    ["with a tail", "__Host-session "],
    ["in quotes", '"__Host-session"'],
    ["percent-encoded", "__Host%2Dsession"],
    ["without a name of its own", "=__Host-session"],
    ["behind a comma", "a=b,__Host-session"],
    ["behind a version", "$Version=1,__Host-session"],
  ])("a name that only looks like it is another cookie: %s", async (_case, name) => {
    const { askRaw, ask, origin } = await serve(host);
    const [cookie = ""] = (await ask("/login?as=mallory")).setCookies;
    // Optional white space around a name is no part of it (RFC 6265, section 5.2).
    const same = name.trimEnd() === "__Host-session";
    const answer = await askRaw("/", `${name}=${cookieValue(cookie)}`);
    expect(answer.includes('"user"'), origin).toBe(same);
  });

  it("the first part of a cookie in quotes does not hide the second", async () => {
    const { askRaw, ask } = await serve(host);
    const value = cookieValue((await ask("/login")).setCookies[0]);
    expect(await askRaw("/", `a="x; __Host-session=${value}; y"`)).toContain('"user":"ada"');
    expect(await askRaw("/", `a="x; __Host-session=${planted}; y"; __Host-session=${value}`)).not.toContain(
      '"user"',
    );
  });
});

describe.each(hosts)("oversized, %s", (_name, host) => {
  it("a Cookie header larger than the server takes is refused by it", async () => {
    const { ask } = await serve(host);
    expect((await ask("/", `a=${"x".repeat(100_000)}`)).status).toBe(431);
  });

  it("a value that is no id is not looked up", async () => {
    const { ask, refused, sessions } = await serve(host);
    await ask("/", `__Host-session=${"x".repeat(10_000)}`);
    await sessions.open(`__Host-session=${"x".repeat(1_000_000)}`);
    await sessions.open(`${"__Host-session=;".repeat(3_000)}`);
    expect(refused).toEqual(["malformed", "too-long"]);
  });
});

describe("attributes", () => {
  it("are the strictest that browsers know, unless the configuration says otherwise", async () => {
    const [, host] = hosts[0] ?? [];
    if (host === undefined) return;
    const { ask } = await serve(host);
    expect((await ask("/login")).setCookies).toEqual([
      expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });

  it.each([
    ["secure: false with the prefix", { name: "__Host-session", secure: false }],
    ["a domain", { domain: "example.org" }],
    ["a path", { path: "/app" }],
  ])("of a cookie that browsers would refuse are refused at the start: %s", (_case, options) => {
    expect(() => resolveCookie(options, identityOf({ application }))).toThrow(
      expect.objectContaining({ code: "cookie/invalid-option" }),
    );
  });
});
