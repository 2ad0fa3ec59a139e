import { describe, expect, it } from "vitest";
import {
  type EncryptionOptions,
  encryptWith,
  type SessionDefinition,
  type SessionsOptions,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { serializerOf } from "../../codec/serializer-of.js";
import { fields, keyOf, type Session, secret, setup, start, visit } from "../support/fixture.js";

const key = "an encryption secret of at least 32 characters";
const older = "an older encryption secret, long enough as well";

// The class reads the definition it was made with.
Object.assign(secret, { encrypt: true });
const encrypted: SessionDefinition = fields;

function sessionsOn(
  store: SessionStore,
  encryption: Partial<EncryptionOptions> = {},
  more: Partial<SessionsOptions> = {},
) {
  return setup({
    store,
    fields: encrypted,
    encryption: encryptWith({ secrets: [key], ...encryption }),
    ...more,
  });
}

const newStore = () => memoryStore({ clock: () => start });

/** What the store has under the id of a cookie. */
async function stored(store: SessionStore, cookie: string) {
  const found = await store.read(keyOf(cookie.split("=")[1] ?? ""));
  if (found === undefined) throw new Error("nothing is stored");
  return found;
}

const begin = (session: Session): void => {
  session.user = "ada";
  session.secret = "sehr geheim";
};

describe.each(["packed", "msgpack", "json"] as const)("an encrypted field, as %s", (format) => {
  const serializer = serializerOf(format);
  it("is not to be read in the store, and the others are", async () => {
    const store = newStore();
    const { sessions } = sessionsOn(store, {}, { serializer });
    const cookie = await visit(sessions, undefined, begin);
    const { payload } = await stored(store, cookie);
    const text = Buffer.from(payload).toString("latin1");
    expect([text.includes("ada"), text.includes("geheim")]).toEqual([true, false]);
    expect((await sessions.open(cookie)).secret).toBe("sehr geheim");
  });

  it("is encrypted anew with each write, and not written when nothing changed", async () => {
    const store = newStore();
    const { sessions } = sessionsOn(store, {}, { serializer });
    const cookie = await visit(sessions, undefined, begin);
    const before = await stored(store, cookie);
    await visit(sessions, cookie, (session) => void session.secret);
    expect((await stored(store, cookie)).version).toBe(before.version);
    await visit(sessions, cookie, (session) => {
      session.visits += 1;
    });
    const after = await stored(store, cookie);
    expect(Buffer.from(after.payload).includes(Buffer.from(before.payload).subarray(-60, -30))).toBe(false);
    expect((await sessions.open(cookie)).secret).toBe("sehr geheim");
  });

  it("moves along when the session gets a new id", async () => {
    const { sessions } = sessionsOn(newStore(), {}, { serializer });
    const cookie = await visit(sessions, undefined, begin);
    const moved = await visit(sessions, cookie, (session) => session.$regenerate());
    expect(moved).not.toBe(cookie);
    expect((await sessions.open(moved)).secret).toBe("sehr geheim");
  });

  it("cannot be read in a row that it was copied to; what is not encrypted can", async () => {
    const store = newStore();
    const { sessions } = sessionsOn(store, {}, { serializer });
    const unreadable: unknown[] = [];
    sessions.on("unreadable", (event) => unreadable.push(event));
    const [ada, eve] = [await visit(sessions, undefined, begin), await visit(sessions, undefined, begin)];
    const { payload, expiresAt } = await stored(store, ada);
    await store.write(keyOf(eve.split("=")[1] ?? ""), payload, { expect: "any", expiresAt });
    const session = await sessions.open(eve);
    expect([session.user, session.secret]).toEqual(["ada", undefined]);
    expect(unreadable).toMatchObject([{ field: "secret" }]);
  });

  it("is read with an older secret, and written with the new one", async () => {
    const store = newStore();
    const cookie = await visit(
      sessionsOn(store, { secrets: [older] }, { serializer }).sessions,
      undefined,
      begin,
    );
    const both = sessionsOn(store, { secrets: [key, older] }, { serializer }).sessions;
    expect((await both.open(cookie)).secret).toBe("sehr geheim");
    await visit(both, cookie, (session) => {
      session.visits += 1;
    });
    expect((await sessionsOn(store, {}, { serializer }).sessions.open(cookie)).secret).toBe("sehr geheim");
  });

  it("stays as it is where its secret is missing, and can be read again when it is back", async () => {
    const store = newStore();
    const cookie = await visit(
      sessionsOn(store, { secrets: [older] }, { serializer }).sessions,
      undefined,
      begin,
    );
    const without = sessionsOn(store, {}, { serializer }).sessions;
    await visit(without, cookie, (session) => {
      expect(session.secret).toBeUndefined();
      session.visits += 1;
    });
    const back = await sessionsOn(store, { secrets: [key, older] }, { serializer }).sessions.open(cookie);
    expect([back.secret, back.visits]).toEqual(["sehr geheim", 1]);
  });

  it("from before it was encrypted is read only when that is allowed", async () => {
    const store = newStore();
    const plain = fields.map((field) => (field === secret ? { ...field, encrypt: false } : field));
    // The class writes by its own definition, which is why the session is written by name.
    const cookie = await visit(setup({ store, fields: plain, serializer }).sessions, undefined, (session) =>
      session.$assign({ user: "ada", secret: "sehr geheim" }),
    );
    expect((await sessionsOn(store, {}, { serializer }).sessions.open(cookie)).secret).toBeUndefined();
    const accepting = sessionsOn(store, { acceptPlain: true }, { serializer }).sessions;
    expect((await accepting.open(cookie)).secret).toBe("sehr geheim");
    await visit(accepting, cookie, (session) => {
      session.visits += 1;
    });
    expect((await sessionsOn(store, {}, { serializer }).sessions.open(cookie)).secret).toBe("sehr geheim");
  });
});

describe("an encrypted payload", () => {
  it("shows nothing, and is an anonymous session where it does not belong or was changed", async () => {
    const store = newStore();
    const { sessions } = sessionsOn(store, { payload: true });
    const [ada, eve] = [await visit(sessions, undefined, begin), await visit(sessions, undefined, begin)];
    const { payload, expiresAt } = await stored(store, ada);
    expect(Buffer.from(payload).toString("latin1")).not.toMatch(/ada|geheim/);
    expect((await sessions.open(ada)).user).toBe("ada");
    const id = keyOf(eve.split("=")[1] ?? "");
    await store.write(id, payload, { expect: "any", expiresAt });
    expect((await sessions.open(eve)).$isNew).toBe(true);
    const changed = Uint8Array.from(payload, (byte, index) => (index === 40 ? byte ^ 1 : byte));
    await store.write(keyOf(ada.split("=")[1] ?? ""), changed, { expect: "any", expiresAt });
    expect((await sessions.open(ada)).$isNew).toBe(true);
  });

  it("takes nothing that is not encrypted, unless that is allowed", async () => {
    const store = newStore();
    const cookie = await visit(sessionsOn(store).sessions, undefined, begin);
    expect((await sessionsOn(store, { payload: true }).sessions.open(cookie)).$isNew).toBe(true);
    const accepting = sessionsOn(store, { payload: true, acceptPlain: true }).sessions;
    expect((await accepting.open(cookie)).user).toBe("ada");
  });

  it("is merged like any other", async () => {
    const { sessions } = sessionsOn(newStore(), { payload: true });
    const cookie = await visit(sessions, undefined, begin);
    const [one, two] = [await sessions.open(cookie), await sessions.open(cookie)];
    one.visits += 1;
    two.visits += 1;
    await Promise.all([one.$commit(), two.$commit()]);
    expect((await sessions.open(cookie)).visits).toBe(2);
  });
});

it("secrets are asked for, and short ones refused", () => {
  expect(() => setup({ fields: encrypted })).toThrowError(
    expect.objectContaining({ code: "encryption/no-secret" }),
  );
  expect(() => sessionsOn(newStore(), { secrets: ["short"] })).toThrowError(
    expect.objectContaining({ code: "encryption/weak-secret" }),
  );
});
