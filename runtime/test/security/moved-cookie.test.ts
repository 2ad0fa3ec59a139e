import { request as ask, createServer } from "node:http";
import { CookieJar } from "tough-cookie";
import { describe, expect, it } from "vitest";
import { newPage } from "../../../services/browser.js";
import { serviceUrl } from "../../../services/client.js";
import type { CookieOptions } from "../../src/index.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import { listen } from "../http/listen.js";
import { setup } from "../session/support/fixture.js";
import { type Host, hosts } from "./application.js";

const chromium = await serviceUrl("chromium");
const secret = "the secret that signs now, long enough";

/** Where a cookie was set, and where it is after the options have changed; a request comes to `path`. */
const moves: readonly [string, { before: CookieOptions; after: CookieOptions; path?: string }][] = [
  ["from a domain to the host", { before: { domain: "example.test" }, after: {} }],
  ["from the host to a domain", { before: {}, after: { domain: "example.test" } }],
  [
    "from a domain to its parent",
    { before: { domain: "shop.example.test" }, after: { domain: "example.test" } },
  ],
  ["to a path", { before: {}, after: { path: "/account" } }],
  ["from a path", { before: { path: "/account" }, after: {} }],
  ["from a path that ends in a slash", { before: { path: "/account/" }, after: {} }],
  ["from a path of three parts", { before: { path: "/account/of/ada" }, after: { path: "/account" } }],
  [
    "from a domain and a path to others",
    {
      before: { domain: "example.test", path: "/account" },
      after: { domain: "shop.example.test", path: "/" },
    },
  ],
];

/** An application whose cookie changes its place: the sessions stay. */
async function application(host: Host) {
  const store = memoryStore();
  let running = host(setup({ store, clock: Date.now }).sessions);
  const server = createServer((request, response) => {
    // Browsers ask for it by themselves, at any time.
    if (request.url === "/favicon.ico") response.writeHead(404).end();
    else running(request, response);
  });
  const port = await listen(server);
  return {
    port,
    deploy: (cookie: CookieOptions) => {
      running = host(
        setup({ store, clock: Date.now, cookie: { name: "session", secure: false, ...cookie } }).sessions,
      );
    },
  };
}

/** A browser of its own, by the rules of RFC 6265. */
function jarBrowser(port: number) {
  const jar = new CookieJar();
  const origin = "http://www.shop.example.test";
  return {
    plant: (cookie: string, url = `${origin}/account/of/ada`) => jar.setCookieSync(cookie, url),
    cookies: () => jar.getCookiesSync(`${origin}/account/of/ada/x`).map(({ value }) => value),
    go: (path: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const headers = {
          host: `www.shop.example.test:${port}`,
          cookie: jar.getCookieStringSync(`${origin}${path}`),
        };
        const sent = ask({ host: "127.0.0.1", port, path, headers }, async (response) => {
          for (const cookie of response.headers["set-cookie"] ?? [])
            jar.setCookieSync(cookie, `${origin}${path}`, { ignoreError: true });
          let text = "";
          for await (const chunk of response) text += String(chunk);
          resolve(text);
        });
        sent.on("error", reject).end();
      }),
  };
}

/** What a real browser does, in the same words. */
async function chromiumBrowser(port: number) {
  const page = await newPage(chromium);
  const origin = `http://www.shop.example.test:${port}`;
  return {
    plant: async (cookie: string) => {
      await page.goto(`${origin}/account/of/ada`);
      await page.evaluate((text) => Reflect.set(Reflect.get(globalThis, "document"), "cookie", text), cookie);
    },
    cookies: async () => {
      const cookies = await page.context().cookies(`${origin}/account/of/ada/x`);
      return cookies.filter(({ name }) => name === "session").map(({ value }) => value);
    },
    go: async (path: string): Promise<string> => {
      await page.goto(`${origin}${path}`);
      return page.locator("body").innerText();
    },
  };
}

const browsers = [
  ["a cookie jar", () => true, jarBrowser],
  // What the hosts send is the same; one of them in a real browser is enough.
  ["Chromium", (host: string) => chromium !== "" && host === "node:http", chromiumBrowser],
] as const;
const path = "/account/of/ada/x";
const login = `${path}/login`;

describe.each(hosts)("a cookie that is set in another place than before, %s", (name, host) => {
  describe.each(browsers.filter(([, there]) => there(name)))("%s", (_browser, _there, open) => {
    it.each(moves)(
      "%s: no user is locked out, and one cookie is left after two requests",
      async (_move, { before, after }) => {
        const { port, deploy } = await application(host);
        const browser = await open(port);
        deploy(before);
        await browser.go(`${login}?as=ada`);
        deploy(after);
        expect(await browser.go(path)).toContain('"user":"ada"');
        // A new id: from now on the browser has two.
        await browser.go(`${login}?as=grace`);
        expect(await browser.cookies()).toHaveLength(2);
        expect(await browser.go(path)).not.toContain('"user"');
        expect(await browser.cookies()).toEqual([]);
        await browser.go(`${login}?as=grace`);
        expect(await browser.go(path)).toContain('"user":"grace"');
        expect(await browser.cookies()).toHaveLength(1);
      },
    );

    it.each(moves)(
      "%s: with signatures by a secret that came with it, nobody is even logged out",
      async (_move, { before, after }) => {
        const { port, deploy } = await application(host);
        const browser = await open(port);
        deploy(before);
        await browser.go(`${login}?as=ada`);
        deploy({ ...after, secrets: [secret] });
        await browser.go(`${login}?as=grace`);
        expect(await browser.cookies()).toHaveLength(2);
        expect(await browser.go(path)).toContain('"user":"grace"');
        expect(await browser.cookies()).toHaveLength(1);
        expect(await browser.go(path)).toContain('"user":"grace"');
      },
    );

    it.each([
      ["for the domain", "session=PLANTED; Domain=example.test; Path=/"],
      ["for the path", "session=PLANTED; Path=/account"],
      ["for the domain and the path", "session=PLANTED; Domain=shop.example.test; Path=/account/of"],
    ])("one that was planted %s gains nothing, and goes", async (_case, cookie) => {
      const { port, deploy } = await application(host);
      const [browser, mallory] = [await open(port), await open(port)];
      deploy({ secrets: [secret] });
      await mallory.go(`${login}?as=mallory`);
      const [own = ""] = await mallory.cookies();
      await browser.go(`${login}?as=ada`);
      // Without a valid signature it counts for nothing: the user does not even notice.
      for (const planted of ["A".repeat(43), own.replace(/.$/, (last) => (last === "A" ? "B" : "A")), "x"]) {
        await browser.plant(cookie.replace("PLANTED", planted));
        expect(await browser.go(path)).toContain('"user":"ada"');
        expect(await browser.cookies()).toHaveLength(1);
      }
      // With one, of the attacker's own session, the user is nobody until the next login, and never the attacker.
      await browser.plant(cookie.replace("PLANTED", own));
      expect(await browser.go(path)).not.toContain('"user"');
      expect(await browser.cookies()).toEqual([]);
      await browser.go(`${login}?as=ada`);
      expect(await browser.go(path)).toContain('"user":"ada"');
    });
  });
});

describe.skipIf(chromium === "").each(hosts)(
  "a cookie that is set in another partition than before, %s",
  (_host, host) => {
    it.each([
      ["into one", false],
      ["out of one", true],
    ])("%s: no user is locked out, in Chromium", async (_case, partitioned) => {
      const { port, deploy } = await application(host);
      const page = await newPage(chromium);
      const go = async (path: string): Promise<string> => {
        // Chromium takes secure cookies of this name without TLS.
        await page.goto(`http://localhost:${port}${path}`);
        return page.locator("body").innerText();
      };
      const common = { name: "__Host-session", secure: true };
      deploy({ ...common, partitioned });
      await go("/login?as=ada");
      deploy({ ...common, partitioned: !partitioned });
      expect(await go("/")).toContain('"user":"ada"');
      await go("/login?as=grace");
      // Both come, and both go.
      expect(await go("/")).not.toContain('"user"');
      await go("/login?as=grace");
      expect(await go("/")).toContain('"user":"grace"');
      expect(await go("/")).toContain('"user":"grace"');
    });
  },
);
