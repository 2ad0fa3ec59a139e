import { connect } from "node:http2";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import type { Client } from "./client.js";
import { visitsOf, type World } from "./world.js";

/**
 * What a session must stand, whatever the framework. The routes are in `test/host-routes.ts` of each example; each adds a visit, and
 * then does something that hosts get wrong.
 */
export const hostCases = {
  // The route goes on until the client is gone: a line that is here was not held back.
  "streams, with the session saved before the first line": async ({ client }: World) => {
    const visitor = client();
    const { line, leave } = await openStream(visitor);
    expect(line).toBe("line");
    expect(await visitsOf(visitor)).toBe(1);
    leave();
  },

  "notices a client that disconnects": async ({ client }: World) => {
    const visitor = client();
    const { leave } = await openStream(visitor);
    leave();
    await expect.poll(() => visitor.get("/host/streams")).toEqual({ open: 0 });
    expect(await visitsOf(visitor)).toBe(1);
  },

  "redirects after a write": async ({ client }: World) => redirects(client(), "/host/redirect"),

  "redirects by what is thrown after a write": async ({ client }: World) =>
    redirects(client(), "/host/thrown-redirect"),

  "saves what was written before an error that the framework answers": async ({ client }: World) => {
    const visitor = client();
    const response = await visitor.send("/host/error");
    expect(response.status).toBe(500);
    // Nitro 2 has a `no-cache` of its own, which others than the visitor's browser must not read by.
    expect(response.headers.get("cache-control")).toMatch(/^(?:no-store|private, no-cache)$/);
    expect(await visitsOf(visitor)).toBe(1);
  },

  "breaks off an answer that fails on its way": async ({ client }: World) => {
    const visitor = client();
    const response = await visitor.send("/host/broken");
    await expect(response.text()).rejects.toThrow();
    expect(await visitsOf(visitor)).toBe(1);
  },

  "answers HEAD with the headers of GET": async ({ client }: World) => {
    const visitor = client();
    const response = await visitor.send("/", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(await response.text()).toBe("");
    expect(await visitsOf(visitor)).toBe(1);
  },

  "answers 304, and on the same connection what comes next": async ({ client }: World) => {
    const visitor = client();
    await visitor.get("/csrf");
    const response = await visitor.send("/host/not-modified", { headers: { "if-none-match": '"page"' } });
    expect(response.status).toBe(304);
    expect(response.headers.get("vary")).toContain("Cookie");
    expect(await response.text()).toBe("");
    expect(await visitsOf(visitor)).toBe(1);
  },

  "takes a large body, and answers with one": async ({ client }: World) => {
    const visitor = client();
    const body = "0123456789".repeat(100_000);
    const response = await visitor.post("/host/echo", body, { "content-type": "text/plain" });
    expect((await response.text()) === body).toBe(true);
    expect(await visitsOf(visitor)).toBe(1);
  },

  "answers 503 without a store, and goes on when it is back": async ({ client, withoutStore }: World) => {
    const [known, stranger] = [client(), client()];
    await known.get("/");
    await withoutStore(async () => {
      // Where there is a cookie the session cannot be opened; where there is none it cannot be saved.
      expect((await known.send("/")).status).toBe(503);
      const response = await stranger.send("/");
      expect(response.status).toBe(503);
      expect(response.headers.getSetCookie()).toEqual([]);
    });
    expect(await visitsOf(known)).toBe(1);
    expect(await visitsOf(stranger)).toBe(0);
  },

  "saves what is written by what runs after the handler": async ({ client }: World) => {
    const visitor = client();
    expect((await visitor.send("/host/trailing")).ok).toBe(true);
    expect(await visitsOf(visitor)).toBe(2);
  },

  "serves HTTP/2": async ({ http2 = "" }: World) => {
    const connection = connect(http2, { rejectUnauthorized: false });
    const get = async (cookie: string) => {
      const stream = connection.request({
        ":path": new URL(http2).pathname,
        ...(cookie === "" ? {} : { cookie }),
      });
      const headers = new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
      const body = JSON.parse(await text(stream));
      return { body, cookies: [(await headers)["set-cookie"] ?? []].flat().map(String) };
    };
    try {
      const { body, cookies } = await get("");
      expect(body).toMatchObject({ visits: 1 });
      const [cookie = ""] = cookies[0]?.split(";") ?? [];
      expect(cookie).toMatch(/session=/);
      expect((await get(cookie)).body).toMatchObject({ visits: 2 });
    } finally {
      connection.close();
    }
  },
} satisfies Readonly<Record<string, (world: World) => Promise<void>>>;

async function redirects(visitor: Client, path: string): Promise<void> {
  const response = await visitor.send(path);
  expect([302, 303, 307]).toContain(response.status);
  expect(response.headers.get("location")).toMatch(/\/notice$/);
  expect(response.headers.getSetCookie()).toHaveLength(1);
  expect(await visitsOf(visitor)).toBe(1);
}

/** Reads the first line of the stream that does not end. */
async function openStream(visitor: Client): Promise<{ line: string; leave: () => void }> {
  const leaving = new AbortController();
  const { body } = await visitor.send("/host/stream", { signal: leaving.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let received = "";
  while (!received.includes("\n")) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) break;
    received += chunk.value;
  }
  return { line: received.split("\n", 1)[0] ?? "", leave: () => leaving.abort() };
}
