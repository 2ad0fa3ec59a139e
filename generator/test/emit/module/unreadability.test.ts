import { encryptWith, type Format, type InspectedSession, storedSessions, storeKey } from "@sessgen/runtime";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { application } from "../../support/project.js";
import { type Releases, releases } from "./releases.js";
import { serializerOf } from "./serializer-of.js";

interface Fields {
  visits: number;
  cart: { sku: string; size?: number; tags: Record<string, number> }[];
  token?: { by: Record<string, number>; at?: number } | undefined;
  theme: string;
}

let emitted: Releases<Fields>;
const schemaOf = (size: string, at: string, themes: string): string =>
  `visits: z.int().default(0),
  cart: z.array(z.object({ sku: z.string()${size}, tags: z.record(z.string(), z.number()) })).default([]),
  token: z.object({ by: z.record(z.string(), z.number())${at} }).optional(),
  theme: z.enum([${themes}]).default("light")`;
const policies = { fields: "{ token: { redact: true } }" };
beforeAll(async () => {
  emitted = await releases<Fields>(
    { schema: schemaOf("", "", '"light"'), ...policies },
    { schema: schemaOf(", size: z.int()", ", at: z.int()", '"light", "sepia"'), ...policies },
  );
});
afterAll(() => emitted.remove());

const id = "a".repeat(43);
const key = storeKey(id, { application });
const secrets = ["an encryption secret of at least 32 characters"];
/** With the epoch that all are of. */
const store = memoryStore();
const expiresAt = Date.now() + 60_000;

/** What a release tells of a session that another one has stored. */
async function inspected(payload: Uint8Array, release: number): Promise<InspectedSession | undefined> {
  await store.write(key, payload, { expect: "any", expiresAt });
  const { fields, history } = emitted.all[release] ?? {
    fields: [],
    history: { hashes: "", generations: [] },
  };
  return storedSessions({ application, fields, history, store }).read(key);
}

async function storedBy(release: number, format: Format, data: Partial<Fields>, options: object = {}) {
  const sessions = emitted.all[release]?.sessions({ store, serializer: serializerOf(format), ...options });
  const session = await sessions?.open(undefined);
  session?.$assign(data);
  await session?.$commit();
  const stored = await store.read(storeKey(session?.$id ?? "", { application }));
  return Buffer.from(stored?.payload ?? []);
}

describe("why a field cannot be read, of a session stored", () => {
  const data = {
    visits: 1,
    cart: [
      { sku: "shoes", tags: { red: 1 } },
      { sku: "hat", tags: {} },
    ],
    token: { by: { "s3cret-key": 1 } },
  };

  it.each<[Format, object, object]>([
    ["packed", { expected: "a required property" }, { expected: "a required property" }],
    ["msgpack", { expected: "a number", path: "cart[0].size" }, { expected: "a number", path: "token" }],
    ["json", { expected: "a number", path: "cart[0].size" }, { expected: "a number", path: "token" }],
  ])("as %s", async (format, cart, token) => {
    const payload = await storedBy(0, format, data);
    const found = await inspected(payload, 1);
    expect(found?.content?.fields).toEqual([
      { name: "visits", state: "readable", value: 1, plain: 1 },
      { name: "cart", state: "unreadable", why: expect.objectContaining(cart) },
      { name: "token", state: "unreadable", why: expect.objectContaining(token) },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/s3cret|shoes/);
    if (format !== "packed") return;
    const [, { why } = { why: undefined }] = found?.content?.fields.filter((one) => "why" in one) ?? [];
    expect(why).toMatchObject({ within: "payload" });
    // The first item of the list: text follows the header of its two slots.
    const [cartWhy] = found?.content?.fields.flatMap((one) => ("why" in one ? [one.why] : [])) ?? [];
    expect(payload.subarray(cartWhy?.byte).indexOf("shoes")).toBe(2);
  });

  it("as packed, of a member of an enum that came later", async () => {
    const payload = await storedBy(1, "packed", { theme: "sepia" });
    const found = await inspected(payload, 0);
    const byte = payload.length - 1;
    expect(payload[byte]).toBe(1);
    expect(found?.content?.fields).toEqual([
      {
        name: "theme",
        state: "unreadable",
        why: { expected: "a member of the enum", byte, within: "payload" },
      },
    ]);
  });

  it.each<[string, unknown, string, string]>([
    ["an item of a list", { cart: [{ sku: "a", size: 1, tags: {} }, 7] }, "an object", "cart[1]"],
    [
      "a key of a record",
      { cart: [{ sku: "a", size: 1, tags: { "a b": "x" } }] },
      "a number",
      'cart[0].tags["a b"]',
    ],
    ["a bound", { cart: [{ sku: "a", size: 1.5, tags: {} }] }, "an integer", "cart[0].size"],
    ["a field", { theme: 7 }, "a member of the enum", "theme"],
    ["of what is redacted, its name alone", { token: { by: { s3cret: "x" }, at: 1 } }, "a number", "token"],
  ])("as a document: %s", async (_what, document, expected, path) => {
    const found = await inspected(Buffer.from(JSON.stringify(document)), 1);
    const [field] = found?.content?.fields ?? [];
    expect(field).toMatchObject({
      state: "unreadable",
      why: { expected: expect.stringContaining(expected), path },
    });
  });
});

describe("why a payload cannot be read", () => {
  it("as packed: where it is cut off, and what does not belong there", async () => {
    const payload = await storedBy(1, "packed", { visits: 1000, theme: "sepia" });
    const cut = await inspected(payload.subarray(0, -1), 1);
    expect(cut).toMatchObject({ content: undefined, why: { byte: payload.length - 1, within: "payload" } });
    const longer = await inspected(Buffer.concat([payload, Buffer.of(1)]), 1);
    expect(longer?.why).toMatchObject({ expected: "the end of the data", byte: payload.length });
  });

  it("as msgpack", async () => {
    const payload = await storedBy(1, "msgpack", { theme: "sepia" });
    expect((await inspected(payload.subarray(0, -3), 1))?.why).toMatchObject({ byte: payload.length - 6 });
  });

  it.each<[string, number | undefined]>([
    ['{ "user": "ada", "secret": "hunter2', 27],
    ['{"a":1,}', 7],
    ['{"a":[1,{"b":nul}]}', 13],
    ["{broken", 1],
    ['{"a":1}}', 7],
    ['{"a" 1}', 1],
  ])("as json: %s", async (text, byte) => {
    const found = await inspected(Buffer.from(text), 1);
    expect(found?.why).toEqual({ expected: "a session", byte, within: "payload" });
    expect(JSON.stringify(found)).not.toMatch(/hunter2/);
  });

  it("as json: text that is no UTF-8", async () => {
    const found = await inspected(Buffer.from('{"a":"\xff"}', "latin1"), 1);
    expect(found?.why).toMatchObject({ byte: 6 });
  });

  it("where it is encrypted", async () => {
    const payload = await storedBy(
      1,
      "json",
      { theme: "sepia" },
      { encryption: encryptWith({ secrets, payload: true }) },
    );
    expect((await inspected(payload, 1))?.why).toEqual({ expected: "a known format" });
  });
});
