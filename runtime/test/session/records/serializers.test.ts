import { pack } from "msgpackr";
import { describe, expect, it } from "vitest";
import { msgpack } from "../../../src/codec/plain/msgpack.js";
import type { CustomSerializer, Serializer } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { serializerOf } from "../../codec/serializer-of.js";
import { historyMark, keyOf, setup, start, visit } from "../support/fixture.js";

/** A serializer of the application's own: JSON, turned around. */
const reversed: CustomSerializer = {
  encode: (value) => Buffer.from(JSON.stringify(value)).reverse(),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).reverse().toString()),
};

const formats: [string, Serializer, number][] = [
  ["packed", "packed", 0x90],
  ["msgpack", msgpack, 0x80],
  ["json", "json", 0x7b],
  ["a custom one", reversed, 0xc1],
];

const data = { visits: 3, user: "ada", cart: [{ sku: "tea", quantity: 2 }], log: [] };
const key = (cookie: string): string => keyOf(cookie.split("=")[1] ?? "");

describe.each(formats)("stored as %s", (_name, from, firstByte) => {
  it.each(formats)("a session is read, changed and stored as %s", async (_other, to) => {
    const clock = () => start;
    const store = memoryStore({ clock });
    const before = setup({ store, clock, serializer: from });
    const cookie = await visit(before.sessions, undefined, (session) => {
      session.$assign({ visits: 3, user: "ada", cart: [{ sku: "tea", quantity: 2 }] });
      session.$permanent = true;
    });
    const [first = 0] = (await store.read(key(cookie)))?.payload ?? [];
    expect(firstByte === 0x90 || firstByte === 0x80 ? first & 0xf0 : first).toBe(firstByte);
    // Both know the custom serializer, as an application does that switches away from it.
    const after = setup({ store, clock, serializer: to === reversed || from !== reversed ? to : reversed });
    const session = await after.sessions.open(cookie);
    expect([session.toJSON(), session.$permanent, session.$createdAt.getTime()]).toEqual([data, true, start]);
    session.visits += 1;
    await session.$commit();
    expect((await after.sessions.open(cookie)).toJSON()).toEqual({ ...data, visits: 4 });
  });
});

describe("a payload of somebody else's", () => {
  const expiresAt = start + 60_000;

  it("from Flask: read, with what it holds besides kept", async () => {
    const { sessions, store } = setup({ serializer: msgpack });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const flask = pack({ _permanent: true, visits: 7, _fresh: true, csrf_token: "abc" });
    await store.write(key(cookie), flask, { expect: "any", expiresAt });
    const session = await sessions.open(cookie);
    expect([session.visits, session.$permanent]).toEqual([7, true]);
    session.visits = 8;
    await session.$commit();
    const { unpack } = await import("msgpackr");
    expect(unpack(Buffer.from((await store.read(key(cookie)))?.payload ?? []))).toMatchObject({
      _permanent: true,
      visits: 8,
      _fresh: true,
      csrf_token: "abc",
    });
  });

  it("with a field the schema forbids: its default, and the bytes stay until it is assigned", async () => {
    const { sessions, store } = setup({ serializer: "json" });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const text = (): Promise<string> =>
      store.read(key(cookie)).then((stored) => Buffer.from(stored?.payload ?? []).toString());
    await store.write(
      key(cookie),
      Buffer.from('{"$createdAt":0,"visits":"many","user":"ada"}'.replace("0", String(start))),
      { expect: "any", expiresAt },
    );
    await visit(sessions, cookie, (session) => {
      expect([session.visits, session.user]).toEqual([0, "ada"]);
      session.log.push("seen");
    });
    expect(JSON.parse(await text())).toMatchObject({ visits: "many", user: "ada", log: ["seen"] });
    await visit(sessions, cookie, (session) => {
      session.visits = 2;
    });
    expect(JSON.parse(await text())).toMatchObject({ visits: 2 });
  });

  it.each<[string, { given: Uint8Array }]>([
    ["nothing at all", { given: new Uint8Array() }],
    ["text", { given: Buffer.from("hello") }],
    ["JSON that is no object", { given: Buffer.from("{]") }],
    ["JSON nested without end", { given: Buffer.from(`{"a":${"[".repeat(100_000)}`) }],
    ["MessagePack cut short", { given: pack({ a: "long enough" }).subarray(0, 5) }],
    ["another revision of packed", { given: pack([99, 0, 0, 0]) }],
    ["a custom serializer nobody has", { given: Uint8Array.of(0xc1, 1, 2) }],
  ])("%s is an anonymous session", async (_name, { given }) => {
    const { sessions, store } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    await store.write(key(cookie), given, { expect: "any", expiresAt });
    const session = await sessions.open(cookie);
    expect([session.$isNew, session.visits]).toEqual([true, 0]);
  });
});

describe("a hostile payload", () => {
  const expiresAt = start + 60_000;
  const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const nested = (depth: number) => Buffer.concat([Buffer.alloc(depth, 0x91), Buffer.of(0xc0)]);
  const packed = (value: Uint8Array) =>
    // Revision, flags (history, bitmap), the beginning in seconds, the mark, the slot 3.
    Buffer.concat([
      Buffer.of(0x96, 2, 8 + 16),
      pack(start / 1000),
      pack(historyMark),
      Buffer.of(0b1000),
      value,
    ]);
  /** With an extension of msgpackr's that compiles a class for records, and one that reads text elsewhere. */
  const records = Buffer.from("81a178d4724092a161a1620102", "hex");
  const bundle = Buffer.from("81a178d66200000005c0a0a0", "hex");

  const slots = (slot: string) =>
    Buffer.from(`{"$history":"${historyMark.toString("base64")}","$slots":{"${slot}":"wA=="}}`);
  /** With keys that the schema does not know. */
  const unknown = (keys: unknown) => pack([2, 32, start / 1000, keys]);

  it.each(["packed", "msgpack", "json"] as const)(
    "can be saved again, or is not read at all: as %s",
    async (format) => {
      const depths = [400, 510, 511, 512, 513, 2_000, 4_000, 8_000, 100_000];
      const payloads = [
        ...depths.map((depth) => Buffer.from(`{"x":${lists(depth)}}`)),
        ...depths.map((depth) => Buffer.from(`{"log":${lists(depth)}}`)),
        ...depths.map((depth) => Buffer.concat([Buffer.from("81a178", "hex"), nested(depth)])),
        ...depths.map((depth) => packed(nested(depth))),
        pack({ x: 2n ** 62n, y: [new Date(0), Uint8Array.of(1), undefined, Number.NaN] }),
        pack({ x: [new Date(Number.NaN)] }),
        slots("65535"),
        slots("65536"),
        // What a document cannot hold where its keys should be.
        unknown({ x: { $set: [1] } }),
        unknown({ x: { $map: [] } }),
        unknown({ x: { $bigint: "9".repeat(40) } }),
        // A second envelope among the keys outside the schema.
        unknown({ $createdAt: {}, _permanent: true, $slots: { 0: "no" } }),
        // Bytes where the keys outside the schema should be.
        unknown(new Uint8Array(100)),
        Buffer.from('{"x":{"__proto__":{"admin":true}}}'),
        Buffer.from('{"__proto__":{"admin":true}}'),
        records,
        bundle,
        packed(records),
        packed(bundle),
      ];
      for (const [index, payload] of payloads.entries()) {
        const { sessions, store } = setup({ serializer: serializerOf(format) });
        const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
        await store.write(key(cookie), payload, { expect: "any", expiresAt });
        const next = await visit(sessions, cookie, (session) => {
          void session.log;
          session.visits = 2;
        });
        const again = await sessions.open(next);
        expect([again.$isNew, again.visits], `payload ${index}`).toEqual([false, 2]);
      }
    },
  );

  it("with extensions that sessions do not have is refused before it is decoded", async () => {
    const { sessions, store } = setup();
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    await store.write(key(cookie), bundle, { expect: "any", expiresAt });
    const errors: Error[] = [];
    sessions.on("unreadable", ({ error }) => errors.push(error));
    expect((await sessions.open(cookie)).$isNew).toBe(true);
    expect(errors.map(String)).toEqual([expect.stringContaining("a known extension")]);
  });
});
