import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflated, isCompressed } from "../../../src/codec/record/compressed.js";
import { encryptWith, UnreadableValue } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { cookieStore } from "../../../src/transports/carrier.js";
import { serializerOf } from "../../codec/serializer-of.js";
import { keyOf, setup, start, visit } from "../support/fixture.js";

const clock = () => start;
const cart = Array.from({ length: 200 }, (_, index) => ({ sku: `tea-${index}`, quantity: 2 }));
const key = (cookie: string): string => keyOf(cookie.split("=")[1] ?? "");
const secrets = ["a".repeat(40)];

describe.each(["packed", "msgpack", "json"] as const)("sessions in %s", (format) => {
  const serializer = serializerOf(format);

  it.each<[string, { given: Parameters<typeof setup>[0] }]>([
    ["as they are", { given: {} }],
    ["encrypted as a whole", { given: { encryption: encryptWith({ secrets, payload: true }) } }],
  ])("are compressed above the threshold and read by who does not compress, %s", async (_, { given }) => {
    const store = memoryStore({ clock });
    const options = { store, clock, serializer, ...given };
    const { sessions } = setup({ ...options, compression: { above: 200 } });
    const [large, small] = await Promise.all([
      visit(sessions, undefined, (session) => session.$assign({ cart, user: "ada" })),
      visit(sessions, undefined, (session) => session.$assign({ user: "ada" })),
    ]);
    const plain = setup(options);
    const bytes = async (cookie: string): Promise<number> =>
      (await store.read(key(cookie)))?.payload.byteLength ?? 0;
    const before = await bytes(large);
    expect((await plain.sessions.open(large)).cart).toEqual(cart);
    expect((await plain.sessions.open(small)).user).toBe("ada");
    // Who writes it without the option makes it what it was, and the other way about.
    await visit(plain.sessions, large, (session) => session.$assign({ visits: 1 }));
    expect(before).toBeLessThan((await bytes(large)) / 3);
    await visit(sessions, large, (session) => session.$assign({ visits: 2 }));
    expect(await bytes(large)).toBeLessThan(before + 100);
    const again = await sessions.open(large);
    expect([again.cart, again.visits]).toEqual([cart, 2]);
  });
});

it("a session is as large as what is made of it, however small it is stored", async () => {
  const { sessions } = setup({ clock, compression: { above: 100 }, maxBytes: 2000 });
  const written = visit(sessions, undefined, (session) => session.$assign({ user: "a".repeat(3000) }));
  await expect(written).rejects.toMatchObject({ code: "session/too-large" });
});

it("is refused where sessions travel in cookies: their length would tell", async () => {
  const { sessions } = setup({ store: cookieStore({ secrets }), compression: { above: 100 } });
  await expect(sessions.open(undefined)).rejects.toMatchObject({ code: "session/no-compression" });
});

describe("what says that it is compressed", () => {
  const of = (size: number, content: Uint8Array): Uint8Array => {
    const head = Buffer.from("92c4067080", "hex");
    const [length, width] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(size);
    width.writeUInt32BE(content.length);
    return Buffer.concat([head, length, Buffer.of(0xc6), width, content]);
  };
  const zeros = deflateRawSync(Buffer.alloc(50_000_000));
  const payload = Buffer.from("{}");

  it.each<[string, { given: Uint8Array; most?: number }]>([
    ["a bomb that says how large it is", { given: of(50_000_000, zeros) }],
    ["a bomb that says it were small", { given: of(1000, zeros) }],
    ["one that is smaller than it says", { given: of(3, deflateRawSync(payload)) }],
    ["what is no DEFLATE", { given: of(2, Buffer.of(0xff, 0xff)) }],
    ["what is cut short", { given: of(2, deflateRawSync(payload)).subarray(0, -1) }],
    ["what is longer", { given: Buffer.concat([of(2, deflateRawSync(payload)), Buffer.of(0)]) }],
    ["one in another", { given: of(17, deflateRawSync(of(2, deflateRawSync(payload)))) }],
    ["one that is larger than is allowed", { given: of(2, deflateRawSync(payload)), most: 1 }],
  ])("is unreadable: %s", (_, { given, most = 2 ** 20 }) => {
    expect(isCompressed(given)).toBe(true);
    expect(() => inflated(given, most)).toThrow(UnreadableValue);
  });

  it("is read", () => {
    expect(Buffer.from(inflated(of(2, deflateRawSync(payload)), 2))).toEqual(payload);
  });
});
