import { describe, expect, it } from "vitest";
import {
  createSessions,
  encodeRecord,
  type FieldDefinition,
  type Format,
  type InspectedSession,
  type Sessions,
  storedSessions,
  UnreadableValue,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { serializerOf } from "../../codec/serializer-of.js";
import {
  application,
  definition,
  fields,
  history,
  historyMark,
  keyOf,
  type Session,
  start,
  user,
  visit,
} from "../support/fixture.js";

const byUser: FieldDefinition<string | undefined> = {
  ...user,
  indexes: [{ path: "user", name: "user", pick: (value) => value }],
};
Object.assign(user, byUser);

function setup(format: Format = "packed") {
  const time = { now: start };
  const clock = () => time.now;
  const store = memoryStore({ clock });
  const sessions: Sessions<Session, { user: string }> = createSessions({
    ...definition,
    store,
    clock,
    serializer: serializerOf(format),
  });
  const stored = storedSessions({ application, history, fields, store, clock });
  const begin = async (change: (session: Session) => void): Promise<string> => {
    const cookie = await visit(sessions, undefined, change);
    return /=([^;]+)/.exec(cookie)?.[1] ?? "";
  };
  return { sessions, stored, store, time, begin };
}

describe.each<Format>(["packed", "msgpack", "json"])("a session stored as %s", (format) => {
  it("is shown as it is, what is redacted by its name only, and stays as it was", async () => {
    const { stored, store, begin } = setup(format);
    const id = await begin((session) => {
      session.user = "ada";
      session.notice = "Hello";
      session.secret = "s3cret";
    });
    const key = keyOf(id);
    const before = await store.read(key);
    const found = await stored.read(key);
    expect(found).toEqual({
      key,
      version: before?.version,
      bytes: before?.payload.byteLength,
      format,
      isEncrypted: false,
      isCompressed: false,
      expiresAt: new Date(start + 30 * 60_000),
      content: {
        createdAt: new Date(start),
        permanent: false,
        fields: [
          { name: "user", state: "readable", value: "ada", plain: "ada" },
          { name: "notice", state: "readable", value: "Hello", plain: "Hello" },
          { name: "secret", state: "redacted" },
        ],
        unknown: [],
        unknownSlots: 0,
      },
    });
    expect(JSON.stringify(found)).not.toContain("s3cret");
    expect(await store.read(key)).toEqual(before);
  });
});

describe("a stored session", () => {
  it("that is not there is not found", async () => {
    expect(await setup().stored.read("nobody")).toBeUndefined();
  });

  it.each<[string, Uint8Array, InspectedSession["format"]]>([
    ["garbage", Uint8Array.of(0xc0, 1, 2), undefined],
    ["nothing", new Uint8Array(), undefined],
    ["a half one", Uint8Array.of(0x94, 1), "packed"],
    ["a custom serializer's", Uint8Array.of(0xc1, 1), "custom"],
  ])("that cannot be decoded is described: %s", async (_name, payload, format) => {
    const { stored, store } = setup();
    await store.write("k", payload, { expect: "any", expiresAt: start + 1000 });
    expect(await stored.read("k")).toMatchObject({
      bytes: payload.byteLength,
      format,
      expiresAt: new Date(start + 1000),
      content: undefined,
    });
  });

  it("says which fields are unreadable and what the schema does not know, without showing it", async () => {
    const { stored, store } = setup();
    const document = {
      $createdAt: start,
      $history: historyMark.toString("base64"),
      visits: "many",
      legacy: "s3cret",
      $slots: { 40: "AQ==" },
    };
    const payload = new TextEncoder().encode(JSON.stringify(document));
    await store.write("k", payload, { expect: "any", expiresAt: start + 1000 });
    const found = await stored.read("k");
    expect(found?.content).toMatchObject({
      fields: [{ name: "visits", state: "unreadable" }],
      unknown: ["legacy"],
      unknownSlots: 1,
    });
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });

  it("survives a codec of another copy of the package", async () => {
    const { store } = setup();
    class OtherUnreadable extends Error {
      override readonly name = "UnreadableValue";
    }
    expect(new OtherUnreadable()).toBeInstanceOf(UnreadableValue);
    expect(new Error("other")).not.toBeInstanceOf(UnreadableValue);
    expect({ name: "UnreadableValue" }).not.toBeInstanceOf(UnreadableValue);
    const broken: FieldDefinition<string | undefined> = {
      ...user,
      codec: {
        ...user.codec,
        read: () => {
          throw new OtherUnreadable();
        },
      },
    };
    const values = new Map([[1, Uint8Array.of(0xa1, 0x61)]]);
    const record = { createdAt: start, permanent: false, fields: values, historyMark };
    const payload = encodeRecord(record, fields, "packed");
    await store.write("k", payload, {
      expect: "any",
      expiresAt: start + 1000,
      index: { user: "a" },
    });
    const stored = storedSessions({
      application,
      history,
      fields: [broken as FieldDefinition],
      store,
      clock: () => start,
    });
    expect((await stored.read("k"))?.content?.fields).toEqual([
      { name: "user", state: "unreadable", why: expect.objectContaining({ expected: expect.any(String) }) },
    ]);
    // The store says that it has the value.
    for await (const { content } of stored.findBy("user", "a"))
      expect(content?.fields).toEqual([
        { name: "user", state: "unreadable", why: expect.objectContaining({ expected: expect.any(String) }) },
      ]);
  });

  it("ends with its absolute lifetime", async () => {
    const { store } = setup();
    const record = { createdAt: start, permanent: false, fields: new Map() };
    await store.write("k", encodeRecord(record, fields, "packed"), {
      expect: "any",
      expiresAt: start + 60_000,
    });
    const lifetime = { idle: 500, absolute: 1000, permanent: { idle: 1, absolute: 1 } };
    const stored = storedSessions({ application, history, fields, store, lifetime, clock: () => start });
    expect((await stored.read("k"))?.expiresAt).toEqual(new Date(start + 1000));
  });
});

describe("sessions of a value", () => {
  it("are found and removed, except the one that stays", async () => {
    const { stored, begin, sessions } = setup();
    const login = (session: Session): void => {
      session.user = "ada";
    };
    const mine = await begin(login);
    await begin(login);
    await begin((session) => {
      session.user = "eve";
    });
    const keys: string[] = [];
    for await (const { key } of stored.findBy("user", "ada")) keys.push(key);
    expect(keys).toHaveLength(2);
    expect(keys).toContain(keyOf(mine));
    expect(await stored.destroyBy("user", "ada", mine)).toBe(1);
    expect(await sessions.count("user", "ada")).toBe(1);
    expect(await sessions.count("user", "eve")).toBe(1);
  });
});
