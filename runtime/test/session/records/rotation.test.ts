import { describe, expect, it } from "vitest";
import { isSealed } from "../../../src/codec/packed/sealed.js";
import {
  decodeRecord,
  encryptWith,
  type FieldDefinition,
  type SessionDefinition,
  type SessionsOptions,
  storedSecrets,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { serializerOf } from "../../codec/serializer-of.js";
import {
  application,
  fields,
  history,
  historyMark,
  keyOf,
  type Session,
  secret,
  setup,
  start,
  visit,
} from "../support/fixture.js";

const [old, next, foreign, another, last] = ["old", "new", "foreign", "another", "last"].map((name) =>
  name.padEnd(40, "*"),
) as [string, string, string, string, string];

// The class reads the definition it was made with.
Object.assign(secret, { encrypt: true });
/** A deploy that does not know the field at all. */
const without: SessionDefinition = fields.filter((field) => field !== (secret as FieldDefinition));
/** A deploy that encrypts it no longer. */
const plain = (): SessionDefinition =>
  fields.map((field) => (field.name === "secret" ? { ...field, encrypt: false } : field));

const newStore = () => memoryStore({ clock: () => start });

function deploy(
  store: SessionStore,
  secrets: readonly string[],
  more: Partial<SessionsOptions> & { readonly acceptPlain?: boolean } = {},
) {
  const { acceptPlain = false, ...options } = more;
  return setup({ store, encryption: encryptWith({ secrets, acceptPlain }), ...options }).sessions;
}

const begin = (session: Session): void => {
  session.user = "ada";
  session.secret = "sehr geheim";
};
const move = (session: Session) => session.$regenerate();
const write = (session: Session): void => {
  session.visits += 1;
};

async function payloadOf(store: SessionStore, cookie: string): Promise<Uint8Array> {
  const stored = await store.read(keyOf(cookie.split("=")[1] ?? ""));
  if (stored === undefined) throw new Error("nothing is stored");
  return stored.payload;
}

describe.each(["packed", "msgpack", "json"] as const)("a field that others encrypted, as %s", (format) => {
  const serializer = serializerOf(format);
  it.each<[string, { given: readonly (readonly [readonly string[], typeof move | typeof write])[] }]>([
    ["moves once", { given: [[[old], move]] }],
    [
      "is written, and moves",
      {
        given: [
          [[old], write],
          [[old], move],
          [[old], write],
        ],
      },
    ],
    [
      "moves three times",
      {
        given: [
          [[old], move],
          [[old], move],
          [[old], move],
        ],
      },
    ],
    [
      "moves through deploys that share nothing",
      {
        given: [
          [[foreign], move],
          [[another], move],
          [[old], move],
        ],
      },
    ],
    [
      "moves there and back",
      {
        given: [
          [[old], move],
          [[next, old], move],
          [[old], move],
        ],
      },
    ],
  ])("%s, and can be read by whoever has all the secrets", async (_name, { given }) => {
    const store = newStore();
    let cookie = await visit(deploy(store, [next, old], { serializer }), undefined, begin);
    for (const [secrets, act] of given) {
      cookie = await visit(deploy(store, secrets, { serializer }), cookie, async (session) => {
        if (!secrets.includes(next)) expect(session.secret).toBeUndefined();
        await act(session);
      });
    }
    const all = deploy(store, [next, old, foreign, another], { serializer });
    expect((await all.open(cookie)).secret).toBe("sehr geheim");
    // And once it was written there, the newest secret alone is enough.
    await visit(all, cookie, write);
    expect((await deploy(store, [next], { serializer }).open(cookie)).secret).toBe("sehr geheim");
  });

  it("moves through a deploy that does not know the field", async () => {
    const store = newStore();
    const [newer, older] = [
      deploy(store, [next, old], { serializer }),
      deploy(store, [next], { serializer, fields: without }),
    ];
    let cookie = await visit(newer, undefined, begin);
    cookie = await visit(older, cookie, move);
    expect(Buffer.from(await payloadOf(store, cookie)).toString("latin1")).not.toContain("geheim");
    expect((await newer.open(cookie)).secret).toBe("sehr geheim");
  });

  it("is given up after more deploys without a secret than there ever are, and does no harm", async () => {
    const store = newStore();
    let cookie = await visit(deploy(store, [next], { serializer }), undefined, begin);
    const sizes: number[] = [];
    const stranger = (number: number): string => `stranger ${number}`.padEnd(40, "*");
    for (let hop = 0; hop < 8; hop += 1) {
      cookie = await visit(deploy(store, [stranger(hop)], { serializer }), cookie, move);
      sizes.push((await payloadOf(store, cookie)).length);
    }
    // In json a mark is a number of up to ten digits.
    expect(Math.abs((sizes.at(-1) ?? 0) - (sizes.at(-2) ?? 0))).toBeLessThan(10);
    const all = deploy(store, [next, ...Array.from({ length: 8 }, (_, hop) => stranger(hop))], {
      serializer,
    });
    const session = await all.open(cookie);
    expect([session.user, session.secret]).toEqual(["ada", undefined]);
  });

  it("cannot be read in a row that it was copied to, wrapped or not", async () => {
    const store = newStore();
    const sessions = deploy(store, [next, old], { serializer });
    const ada = await visit(sessions, undefined, begin);
    const moved = await visit(deploy(store, [old], { serializer }), ada, move);
    const eve = await visit(sessions, undefined, begin);
    const key = keyOf(eve.split("=")[1] ?? "");
    await store.write(key, await payloadOf(store, moved), { expect: "any", expiresAt: start + 1000 });
    expect((await sessions.open(eve)).secret).toBeUndefined();
  });

  it("is read while it is encrypted no longer, as long as the secret is there, and then written in the open", async () => {
    const store = newStore();
    const cookie = await visit(deploy(store, [old], { serializer }), undefined, begin);
    const open = deploy(store, [old], { serializer, fields: plain() });
    expect((await open.open(cookie)).secret).toBe("sehr geheim");
    await visit(open, cookie, write);
    expect(Buffer.from(await payloadOf(store, cookie)).includes("sehr geheim")).toBe(true);
    const never = setup({ store, serializer, fields: plain() }).sessions;
    expect((await never.open(cookie)).secret).toBe("sehr geheim");
  });
});

describe("on the wire", () => {
  it("an encrypted value is of a type that no other value has", async () => {
    const store = newStore();
    const cookie = await visit(deploy(store, [next]), undefined, begin);
    const record = decodeRecord(await payloadOf(store, cookie), fields, { now: start });
    expect([...record.fields].filter(([, packed]) => isSealed(packed)).map(([slot]) => slot)).toEqual([
      secret.slot,
    ]);
  });

  it.each([
    ["bytes", Buffer.alloc(64, 1)],
    ["bytes that look like a ciphertext", Buffer.concat([Buffer.of(1), Buffer.alloc(63)])],
    ["a UUID", "0190163d-8694-739b-aea5-966c26f8ad91"],
  ])(
    "%s from before it was encrypted: read where that is accepted, and never taken for a ciphertext",
    async (_name, value) => {
      const store = newStore();
      const any = { ...secret, check: () => {} } as FieldDefinition;
      const only = (encrypt: boolean) => ({ fields: [{ ...any, encrypt }] as SessionDefinition });
      const id = keyOf("x".repeat(43));
      const { encodeRecord } = await import("../../../src/codec/record/codec.js");
      const { packed } = await import("../../../src/codec/packed/pool.js");
      const bytes = packed((writer) =>
        typeof value === "string" ? writer.string(value) : writer.bytes(value),
      ).slice();
      const record = {
        createdAt: start,
        permanent: false,
        fields: new Map([[secret.slot, bytes]]),
        historyMark,
      };
      await store.write(id, encodeRecord(record, only(false).fields, "packed"), {
        expect: "absent",
        expiresAt: start + 1000,
      });
      const found = async (acceptPlain: boolean) => {
        const { resolveOptions } = await import("../../../src/session/context/resolve.js");
        const { decodeStored } = await import("../../../src/session/records/stored-record.js");
        const context = resolveOptions({
          application,
          history,
          store,
          clock: () => start,
          encryption: encryptWith({ secrets: [next], acceptPlain }),
          ...only(true),
        });
        return decodeStored(context, (await store.read(id))?.payload ?? new Uint8Array(), id).fields.get(
          secret.slot,
        );
      };
      expect(Buffer.from((await found(true)) ?? [])).toEqual(Buffer.from(bytes));
      // Not accepted: it begins with the byte that nothing can be read from.
      expect((await found(false))?.[0]).toBe(0xc1);
    },
  );
});

describe("which secrets are in use", () => {
  const given = (secrets: readonly string[], payload = false) =>
    storedSecrets({ application, history, fields, encryption: { secrets, payload } });

  it.each<[string, { given: boolean }]>([
    ["of a field", { given: false }],
    ["of a payload", { given: true }],
  ])("%s", async (_name, { given: payload }) => {
    const store = newStore();
    const encryption = { secrets: [old], payload };
    const cookie = await visit(
      setup({ store, encryption: encryptWith(encryption) }).sessions,
      undefined,
      begin,
    );
    const [bytes, key] = [await payloadOf(store, cookie), keyOf(cookie.split("=")[1] ?? "")];
    expect(given([next, old], payload)(bytes, key)).toEqual({ positions: [1], missing: false });
    expect(given([old], payload)(bytes, key)).toEqual({ positions: [0], missing: false });
    expect(given([next], payload)(bytes, key)).toEqual({ positions: [], missing: true });
  });

  it("of what was wrapped: all that it takes, or none", async () => {
    const store = newStore();
    const first = await visit(deploy(store, [next]), undefined, begin);
    const cookie = await visit(deploy(store, [old]), first, move);
    const [bytes, key] = [await payloadOf(store, cookie), keyOf(cookie.split("=")[1] ?? "")];
    expect(given([last, next, old])(bytes, key)).toEqual({ positions: [1, 2], missing: false });
    expect(given([old])(bytes, key)).toEqual({ positions: [], missing: true });
  });

  it("none where nothing is encrypted", async () => {
    const store = newStore();
    const cookie = await visit(deploy(store, [next]), undefined, write);
    expect(given([next])(await payloadOf(store, cookie), keyOf(cookie.split("=")[1] ?? ""))).toEqual({
      positions: [],
      missing: false,
    });
  });
});
