import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { identityOf } from "../../../src/crypto/identity.js";
import { encryptWith, type SessionParts } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { application, cookieHeader, setup, start, visit } from "../support/fixture.js";

const storedAs = (id: string): string => `${identityOf({ application }).tag}.${key(id)}`;
const key = (id: string): string => createHmac("sha256", "pepper").update(id).digest("base64url");

describe("each part takes the place of ours", () => {
  it("generateId", async () => {
    let count = 0;
    const generateId = (): string => {
      count += 1;
      return String(count).padStart(43, "x");
    };
    const { sessions } = setup({ parts: { generateId } });
    const session = await sessions.open(undefined);
    session.visits = 1;
    await session.$commit();
    expect(session.$id).toBe("1".padStart(43, "x"));
  });

  it("deriveKey, in everything a session goes through", async () => {
    const store = memoryStore({ clock: () => start });
    const { sessions } = setup({
      store,
      parts: { deriveKey: key },
      encryption: encryptWith({ secrets: ["a secret that is long enough, is it not?"], payload: true }),
    });
    const first = await sessions.open(undefined);
    first.visits = 1;
    const header = cookieHeader(await first.$commit());
    expect(await store.read(storedAs(first.$id ?? ""))).toBeDefined();
    const again = await sessions.open(header);
    again.visits += 1;
    again.user = "ada";
    const moved = cookieHeader(await again.$commit());
    const old = await sessions.open(header);
    expect([old.$isNew, old.$id]).toEqual([true, undefined]);
    const last = await sessions.open(moved);
    expect([last.visits, last.user]).toEqual([2, "ada"]);
    await last.$destroy();
    const trace = await sessions.open(moved);
    expect([trace.$isNew, trace.$id]).toEqual([true, undefined]);
  });

  it("clock", async () => {
    const time = { now: start };
    const { sessions } = setup({
      store: memoryStore({ clock: () => time.now }),
      parts: { clock: () => time.now },
    });
    const header = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    time.now += 30 * 60_000;
    expect((await sessions.open(header)).$isNew).toBe(true);
  });

  it("serializer", async () => {
    const written: unknown[] = [];
    const serializer: SessionParts["serializer"] = {
      encode: (value) => {
        written.push(value);
        return new TextEncoder().encode(JSON.stringify(value));
      },
      decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
    };
    const { sessions } = setup({ serializer: "packed", parts: { serializer } });
    const header = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    expect(written).toEqual([expect.objectContaining({ visits: 1 })]);
    expect((await sessions.open(header)).visits).toBe(1);
  });

  it("transport", async () => {
    const { sessions } = setup({ transport: "cookie", parts: { transport: { header: "x-id" } } });
    const session = await sessions.open(undefined);
    session.visits = 1;
    expect(await session.$commit()).toEqual([]);
    expect(session.$headers.map(([name]) => name)).toEqual(["x-id", "x-id-Expires"]);
  });

  it("store", async () => {
    const store = memoryStore({ clock: () => start });
    const { sessions } = setup({ parts: { store: () => store } });
    const header = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    expect(await store.sweep?.()).toBe(0);
    await store.close();
    await expect(sessions.open(header)).rejects.toMatchObject({ code: "store/closed" });
  });
});

describe("refused", () => {
  it.each<[string, { given: object }]>([
    ["a part nobody knows", { given: { generateID: () => "" } }],
    ["a serializer by a name that is none", { given: { serializer: "msgpack" } }],
    ["a serializer that cannot read", { given: { serializer: { encode: () => new Uint8Array() } } }],
    ["an option that is none of the parts", { given: { cookie: { secure: false } } }],
  ])("%s", (_name, { given }) => {
    expect(() => setup({ parts: given })).toThrow(expect.objectContaining({ code: "session/invalid-part" }));
  });

  it("not what a CommonJS module has besides", () => {
    expect(() => setup({ parts: { default: {}, "module.exports": {} } as SessionParts })).not.toThrow();
  });

  it.each<[string, { given: SessionParts }]>([
    ["ids that are too short", { given: { generateId: () => "1" } }],
    ["keys that are too short", { given: { deriveKey: () => "session" } }],
    ["keys that a store cannot hold", { given: { deriveKey: (id) => `../${id.slice(3)}` } }],
  ])("%s", async (_name, { given }) => {
    const { sessions } = setup({ parts: given });
    const session = await sessions.open(undefined);
    session.visits = 1;
    await expect(session.$commit()).rejects.toMatchObject({ code: "session/invalid-part" });
  });
});
