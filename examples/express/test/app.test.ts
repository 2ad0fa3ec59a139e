import express5 from "express";
import express4 from "express-4";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExpressModule } from "../src/app.js";
import { inFolder, serve } from "./serve.js";

/** What the application answers. */
interface Page {
  readonly visits: number;
  readonly cart: readonly { readonly sku: string }[];
}

inFolder();

describe.each<[string, { express: ExpressModule }]>([
  ["Express 5", { express: express5 }],
  ["Express 4", { express: express4 as unknown as ExpressModule }],
])("%s", (_name, { express }) => {
  let origin = "";
  let close = async (): Promise<void> => {};

  beforeAll(async () => {
    ({ origin, close } = await serve(express));
  });

  afterAll(() => close());

  /** A browser: a client with a cookie jar of its own. */
  function browser() {
    const jar = new CookieJar();
    const fetch = makeFetchCookie(globalThis.fetch, jar);
    const post = (path: string, body: unknown = {}) =>
      fetch(`${origin}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    return {
      fetch,
      post,
      page: async (path = "/"): Promise<Page> => (await (await fetch(`${origin}${path}`)).json()) as Page,
      cookie: async () =>
        (await jar.getCookies(`${origin}/`)).map((cookie) => cookie.cookieString()).join("; "),
    };
  }

  it("counts visits, with one cookie for all of them", async () => {
    const { page, cookie } = browser();
    expect(await page()).toEqual({ visits: 1, cart: [], theme: "light" });
    const first = await cookie();
    expect(await page()).toMatchObject({ visits: 2 });
    expect(await cookie()).toBe(first);
    expect(first).toMatch(/^dev-session=[\w-]{43}$/);
  });

  it("gives a new id at login and keeps what was there", async () => {
    const { page, post, cookie } = browser();
    await post("/cart", { sku: "tea", quantity: 1 });
    const before = await cookie();
    const login = await post("/login", { name: "Ada" });
    expect(login.status).toBe(204);
    expect(login.headers.get("cache-control")).toBe("no-store");
    expect(login.headers.get("vary")).toContain("Cookie");
    expect(await cookie()).not.toBe(before);
    expect(await page()).toMatchObject({ user: { name: "Ada" }, cart: [{ sku: "tea", quantity: 1 }] });
    const stranger = await (await globalThis.fetch(`${origin}/`, { headers: { cookie: before } })).json();
    expect(stranger).toMatchObject({ visits: 1, cart: [] });
  });

  it("shows a notice once", async () => {
    const { page, post } = browser();
    await post("/login", { name: "Grace" });
    expect(await page("/notice")).toEqual({ notice: "Welcome, Grace" });
    expect(await page("/notice")).toEqual({ notice: null });
  });

  it("keeps every change of requests at the same time", async () => {
    const { page, post } = browser();
    await page();
    await Promise.all([
      post("/cart", { sku: "tea", quantity: 1 }),
      post("/cart", { sku: "milk", quantity: 2 }),
      post("/cart", { sku: "bread", quantity: 3 }),
      page(),
      page(),
    ]);
    const after = await page();
    expect(after.visits).toBe(4);
    expect(after.cart.map(({ sku }) => sku).sort()).toEqual(["bread", "milk", "tea"]);
  });

  it.each([
    ["a quantity of nothing", { given: { sku: "tea", quantity: 0 } }],
    ["no sku", { given: { quantity: 1 } }],
    ["a whole list", { given: { sku: ["tea"], quantity: 1 } }],
  ])("refuses %s and saves nothing", async (_name, { given }) => {
    const { page, post } = browser();
    await page();
    const response = await post("/cart", given);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining("session.cart[0].") });
    expect(await page()).toMatchObject({ cart: [] });
  });

  it("forgets everything at logout", async () => {
    const { page, post, cookie } = browser();
    await post("/login", { name: "Ada" });
    const before = await cookie();
    await post("/logout");
    expect(await cookie()).not.toBe(before);
    const after = await page();
    expect(after).toMatchObject({ visits: 1, notice: "Goodbye" });
    expect(after).not.toHaveProperty("user");
    const replayed = await (await globalThis.fetch(`${origin}/`, { headers: { cookie: before } })).json();
    expect(replayed).not.toHaveProperty("user");
  });

  it.each([
    ["a made-up id", { given: `dev-session=${"A".repeat(43)}` }],
    ["100 kB", { given: undefined, length: 100_000 }],
    ["bad UTF-8", { given: "dev-session=%ff%fe" }],
    ["two that differ", { given: `dev-session=${"A".repeat(43)}; dev-session=${"B".repeat(43)}` }],
  ])(
    "sees a stranger behind a cookie of %s",
    async (_name, { given, length }: { given?: string | undefined; length?: number }) => {
      const response = await globalThis.fetch(`${origin}/`, {
        headers: { cookie: given ?? "x".repeat(length ?? 0) },
      });
      // Node itself refuses headers of more than 16 kB.
      if (length !== undefined) expect(response.status).toBe(431);
      else expect(await response.json()).toMatchObject({ visits: 1 });
    },
  );
});
