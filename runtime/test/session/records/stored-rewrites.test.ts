import { describe, expect, it } from "vitest";
import {
  encryptWith,
  type FieldDefinition,
  type RewriteOptions,
  type SessionDefinition,
  type StoredRewrite,
  storedFacts,
  storedRewrites,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { serializerOf } from "../../codec/serializer-of.js";
import { application, fields, history, keyOf, setup, start, user, visit } from "../support/fixture.js";

const clock = () => start;
const [old, next] = ["old", "new"].map((name) => name.padEnd(40, "*")) as [string, string];
const options: RewriteOptions = { application, fields, history, clock, serializer: "packed" };
const withEncrypted: SessionDefinition = fields.map((field) =>
  field.name === "secret" ? { ...field, encrypt: true } : field,
);
const withIndex: SessionDefinition = fields.map((field) =>
  field === (user as FieldDefinition)
    ? { ...field, indexes: [{ path: "user", name: "user", pick: (value: unknown) => String(value) }] }
    : field,
);

/** Stores a session of one deploy, and has another one rewrite it. */
async function rewritten(
  given: Parameters<typeof setup>[0],
  want: Partial<RewriteOptions>,
): Promise<{ readonly what: StoredRewrite; readonly after: StoredRewrite; readonly read: object }> {
  const store = memoryStore({ clock });
  const before = setup({ store, clock, ...given });
  const cookie = await visit(before.sessions, undefined, (session) =>
    session.$assign({ visits: 3, user: "ada", secret: "geheim", cart: [{ sku: "tea", quantity: 2 }] }),
  );
  const key = keyOf(cookie.split("=")[1] ?? "");
  const rewrite = storedRewrites({ ...options, ...want });
  const stored = await store.read(key);
  if (stored === undefined) throw new Error("nothing is stored");
  const what = rewrite(stored.payload, key);
  const payload = what.kind === "changed" ? what.payload : stored.payload;
  await store.write(key, payload, { expect: stored.version, expiresAt: stored.expiresAt });
  const { encryption, compression, serializer = "packed", fields: definition = fields } = want;
  const now = setup({
    store,
    clock,
    serializer,
    fields: definition,
    ...(encryption && { encryption: encryptWith(encryption) }),
    ...(compression && { compression }),
  });
  // The session's class has the fields it was made with.
  const read = (await now.sessions.open(cookie)).toJSON();
  return { what, after: rewrite(payload, key), read };
}

describe("what a stored session would be today", () => {
  it.each<
    [
      string,
      {
        given: Parameters<typeof setup>[0];
        options?: Partial<RewriteOptions>;
        want: readonly string[] | "current" | "left";
      },
    ]
  >([
    ["nothing else", { given: {}, want: "current" }],
    ["packed, from json", { given: { serializer: "json" }, want: ["format"] }],
    ["packed, from msgpack", { given: { serializer: serializerOf("msgpack") }, want: ["format"] }],
    ["json, from packed", { given: {}, options: { serializer: "json" }, want: ["format"] }],
    ["compressed", { given: {}, options: { compression: { above: 10 } }, want: "current" }],
    [
      "compressed, where that is smaller",
      {
        given: { serializer: "json" },
        options: { serializer: "json", compression: { above: 10 } },
        want: ["compression"],
      },
    ],
    [
      "encrypted as a whole",
      {
        given: {},
        options: { encryption: { secrets: [next], payload: true, acceptPlain: true } },
        want: ["encryption"],
      },
    ],
    [
      "encrypted as a whole, which is not accepted",
      { given: {}, options: { encryption: { secrets: [next], payload: true } }, want: "left" },
    ],
    [
      "encrypted no longer",
      {
        given: { encryption: encryptWith({ secrets: [old], payload: true }) },
        options: { encryption: { secrets: [old], payload: false } },
        want: ["encryption"],
      },
    ],
    [
      "encrypted with the new secret",
      {
        given: { encryption: encryptWith({ secrets: [old], payload: true }) },
        options: { encryption: { secrets: [next, old], payload: true } },
        want: ["key"],
      },
    ],
    [
      "a field encrypted with the new secret",
      {
        given: { fields: withEncrypted, encryption: encryptWith({ secrets: [old] }) },
        options: { fields: withEncrypted, encryption: { secrets: [next, old] } },
        want: ["key"],
      },
    ],
    [
      "a field encrypted with the same secret",
      {
        given: { fields: withEncrypted, encryption: encryptWith({ secrets: [old] }) },
        options: { fields: withEncrypted, encryption: { secrets: [old] } },
        want: "current",
      },
    ],
    [
      "encrypted with a secret that is gone",
      {
        given: { fields: withEncrypted, encryption: encryptWith({ secrets: [old] }) },
        options: { fields: withEncrypted, encryption: { secrets: [next] } },
        want: "left",
      },
    ],
    [
      "a field encrypted",
      {
        given: {},
        options: { fields: withEncrypted, encryption: { secrets: [next], acceptPlain: true } },
        want: ["encryption"],
      },
    ],
    [
      "without the slot of a field that is gone",
      {
        given: {},
        options: { fields: fields.filter(({ name }) => name !== "visits"), retired: [0] },
        want: ["retired"],
      },
    ],
    [
      "with the slot of a field that is gone",
      { given: {}, options: { fields: fields.filter(({ name }) => name !== "visits") }, want: "current" },
    ],
    [
      "of another history of the lock",
      {
        given: {},
        options: { history: { hashes: "ffffffff".repeat(64), generations: [64] } },
        want: "left",
      },
    ],
  ])("%s", async (_name, { given, options: more = {}, want }) => {
    const { what, after, read } = await rewritten(given, more);
    if (what.kind !== "changed") {
      expect(what.kind).toBe(want);
      return;
    }
    expect(what.changes).toEqual(want);
    // Once is enough, and nothing was lost.
    expect(after.kind).toBe("current");
    const kept = { user: "ada", cart: [{ sku: "tea", quantity: 2 }], log: [] };
    expect(read).toEqual(
      what.changes.includes("retired") ? expect.objectContaining(kept) : { visits: 3, ...kept },
    );
  });

  it("is found by the same, or is left", async () => {
    const same = await rewritten({ serializer: "json" }, { fields: withIndex });
    expect(same.what).toMatchObject({ kind: "changed", index: { user: "ada" } });
    const unreadable = withIndex.map((field) =>
      field.name !== "user"
        ? field
        : { ...field, codec: { ...field.codec, read: (reader: { int(): number }) => reader.int() } },
    ) as unknown as SessionDefinition;
    expect((await rewritten({}, { fields: unreadable })).what).toEqual({
      kind: "left",
      because: "unreadable",
    });
  });
});

it("facts have nothing of what is in a session", async () => {
  const store = memoryStore({ clock });
  const { sessions } = setup({ store, clock, encryption: encryptWith({ secrets: [old], payload: true }) });
  const cookie = await visit(sessions, undefined, (session) =>
    session.$assign({ user: "geheim", visits: 300 }),
  );
  const key = keyOf(cookie.split("=")[1] ?? "");
  const payload = (await store.read(key))?.payload ?? new Uint8Array();
  const facts = storedFacts({ ...options, encryption: { secrets: [next, old] } })(payload, key);
  if (typeof facts === "string") throw new Error(facts);
  expect(facts).toMatchObject({
    format: "packed",
    generation: 1,
    secrets: [1],
    isCompressed: false,
    unknownNames: 0,
  });
  expect([...facts.fields]).toEqual([
    ["visits", 3],
    ["user", 7],
  ]);
  expect(storedFacts({ ...options, encryption: { secrets: [next] } })(payload, key)).toBe("secret");
  expect(JSON.stringify(facts)).not.toContain("geheim");
});
