import { expect } from "vitest";
import type { Client } from "./client.js";
import { login, type Shop, visitsOf, type World } from "./world.js";

interface Device {
  readonly handle: string;
  readonly current: boolean;
  readonly data: { readonly device?: string };
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** What every example does: a small shop. */
export const shopCases = {
  "counts visits, with one cookie for all of them": async ({ client }: World) => {
    const visitor = client();
    expect(await visitor.get("/")).toMatchObject({ visits: 1, cart: [] });
    const first = await visitor.cookie();
    expect(first).toMatch(/^[\w-]*session=[\w-]{43}$/);
    expect(await visitor.get("/")).toMatchObject({ visits: 2, cart: [] });
    expect(await visitor.cookie()).toBe(first);
    expect(await client().get("/")).toMatchObject({ visits: 1, cart: [] });
  },

  "gives a new id at login, and keeps what was there": async ({ client }: World) => {
    const visitor = client();
    await visitor.post("/cart", { sku: "tea", quantity: 1 });
    const before = await visitor.cookie();
    const response = await visitor.post("/login", { name: "Ada" });
    expect(response.status).toBeLessThan(400);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("vary")).toContain("Cookie");
    expect(await visitor.cookie()).not.toBe(before);
    const cart = [{ sku: "tea", quantity: 1 }];
    expect(await visitor.get("/")).toMatchObject({ user: { name: "Ada" }, cart });
    expect(await seenWith(client(), before)).toMatchObject({ visits: 1, cart: [] });
  },

  "sees a stranger behind a cookie that is none": async ({ client }: World) => {
    const visitor = client();
    await visitor.get("/");
    const [name] = (await visitor.cookie()).split("=");
    const cookies = [
      "A".repeat(43),
      "%ff%fe",
      "A".repeat(5000),
      `${"A".repeat(43)}; ${name}=${"B".repeat(43)}`,
    ];
    for (const value of cookies)
      expect(await seenWith(client(), `${name}=${value}`)).toMatchObject({ visits: 1, cart: [] });
  },

  "shows a message once": async ({ client }: World) => {
    const visitor = await login(client(), "Grace");
    expect(await visitor.get("/notice")).toEqual({ notice: "Welcome, Grace" });
    expect(await visitor.get("/notice")).toEqual({ notice: null });
  },

  "keeps every change of requests at the same time": async ({ client }: World) => {
    const visitor = client();
    await visitor.get("/csrf");
    await Promise.all([
      visitor.post("/cart", { sku: "tea", quantity: 1 }),
      visitor.post("/cart", { sku: "milk", quantity: 2 }),
      visitor.post("/cart", { sku: "bread", quantity: 3 }),
      visitor.get("/"),
      visitor.get("/"),
    ]);
    const { visits, cart } = await visitor.get<Shop>("/");
    expect(visits).toBe(3);
    expect(cart.map(({ sku }) => sku).sort()).toEqual(["bread", "milk", "tea"]);
  },

  "refuses a change without the token of the page, or with another visitor's": async ({ client }: World) => {
    const [visitor, other] = [client(), client()];
    const { token } = await other.get<{ token: string }>("/csrf");
    await visitor.get("/csrf");
    for (const headers of [{}, { "x-csrf-token": token }, { "x-csrf-token": "" }]) {
      const response = await visitor.send("/cart", {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ sku: "tea", quantity: 1 }),
      });
      expect(response.status).toBe(403);
    }
    expect(await visitor.get("/")).toMatchObject({ cart: [] });
    expect((await visitor.post("/cart", { sku: "tea", quantity: 1 })).status).toBeLessThan(400);
  },

  "answers what the schema forbids with 400, and saves nothing": async ({ client }: World) => {
    const visitor = client();
    for (const item of [{ sku: "tea", quantity: 0 }, { quantity: 1 }, { sku: ["tea"], quantity: 1 }]) {
      const response = await visitor.post("/cart", item);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: expect.stringContaining("session.cart[0].") });
    }
    expect(await visitor.get("/")).toMatchObject({ cart: [] });
  },

  "forgets the user at logout": async ({ client }: World) => {
    const visitor = await login(client(), "Ada");
    const before = await visitor.cookie();
    expect((await visitor.post("/logout")).status).toBeLessThan(400);
    expect(await visitor.cookie()).not.toBe(before);
    expect(await visitor.get("/notice")).toEqual({ notice: "Goodbye" });
    for (const page of [await visitor.get("/"), await seenWith(client(), before)]) {
      expect(page).toMatchObject({ visits: 1, cart: [] });
      expect(page).not.toHaveProperty("user");
    }
  },

  "lists where a user is logged in, and ends one of these sessions": async ({ client }: World) => {
    const here = await login(client(), "Bob", firefox);
    const there = await login(client(), "Bob");
    const eve = await login(client(), "Eve");
    const devices = await here.get<readonly Device[]>("/devices");
    expect(devices.map(({ current, data }) => [current, data.device]).sort()).toEqual([
      [false, "Another program"],
      [true, "Firefox on Linux"],
    ]);
    const handle = devices.find(({ current }) => !current)?.handle;
    await eve.post("/devices/end", { handle });
    expect(await there.get("/")).toMatchObject({ user: { name: "Bob" } });
    await here.post("/devices/end", { handle });
    expect(await there.get("/")).not.toHaveProperty("user");
    expect(await here.get("/devices")).toMatchObject([{ current: true }]);
    expect(await client().get("/devices")).toEqual([]);
  },

  "logs out everywhere": async ({ client }: World) => {
    const [here, there] = [await login(client(), "Cleo"), await login(client(), "Cleo")];
    const eve = await login(client(), "Eve");
    expect((await here.post("/devices/end-all")).status).toBeLessThan(400);
    for (const ended of [here, there]) expect(await ended.get("/")).not.toHaveProperty("user");
    expect(await eve.get("/")).toMatchObject({ user: { name: "Eve" } });
    expect(await visitsOf(eve)).toBe(1);
  },
} satisfies Readonly<Record<string, (world: World) => Promise<void>>>;

/** What somebody sees who sends that cookie. */
async function seenWith(client: Client, cookie: string): Promise<unknown> {
  return (await client.send("/", { headers: { cookie } })).json();
}
