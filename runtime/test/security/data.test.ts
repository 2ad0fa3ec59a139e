import { inspect } from "node:util";
import { pack } from "msgpackr";
import { describe, expect, it } from "vitest";
import { resolveCookie } from "../../src/cookie/options.js";
import { identityOf } from "../../src/crypto/identity.js";
import { encryptWith, type Format, generateId, SessionError, type SessionStore } from "../../src/index.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import { cookieStore } from "../../src/transports/carrier.js";
import { serializerOf } from "../codec/serializer-of.js";
import {
  application,
  historyMark,
  isEpoch,
  keyOf,
  fields as plainFields,
  setup,
  start,
  visit,
} from "../session/support/fixture.js";
import { cookieValue, hosts, serve } from "./application.js";

const expiresAt = start + 60_000;
const keyIn = (cookie: string): string => keyOf(cookieValue(cookie).split(".")[0] ?? "");
/** What a log, a terminal or a header would act upon. */
const acting = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;
const evil = "x\r\nSet-Cookie: admin=1\r\n\r\n\x1b[2J\x9b31m\u2028\u202e<script>";

/** An application with one session, and everything its events said. */
async function begun(options: Parameters<typeof setup>[0] = {}) {
  const store = memoryStore({ clock: () => start });
  const { sessions } = setup({ store, ...options });
  const events: unknown[] = [];
  for (const name of [
    "created",
    "regenerated",
    "destroyed",
    "conflict",
    "unreadable",
    "cookie-refused",
    "store-error",
  ] as const)
    sessions.on(name, (event) => events.push({ name, ...event }));
  const cookie = await visit(sessions, undefined, (session) =>
    session.$assign({ visits: 1, user: "ada lovelace", secret: "hunter2" }),
  );
  return { sessions, store, cookie, events };
}

describe.each(hosts)("injection into headers, %s", (_name, host) => {
  it("nothing that came with a request goes into Set-Cookie", async () => {
    const { askRaw } = await serve(host);
    for (const value of [
      "x%0d%0aSet-Cookie:a=b",
      "x\tSet-Cookie: a=b",
      "\xff\xfe",
      `${"A".repeat(43)}; Domain=evil.example`,
    ]) {
      const answer = await askRaw("/visit", `__Host-session=${value}`);
      const [head = ""] = answer.split("\r\n\r\n");
      expect(head.match(/set-cookie: .*/gi)).toEqual([
        expect.stringMatching(
          /^set-cookie: __Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/i,
        ),
      ]);
    }
  });

  it("the value of a field stays in the body", async () => {
    const { ask } = await serve(host);
    const { setCookies, session } = await ask(`/login?as=${encodeURIComponent(evil)}`);
    expect(session["user"]).toBe(evil);
    expect(setCookies).toHaveLength(1);
    expect(setCookies[0]).not.toMatch(acting);
  });
});

describe("injection into logs", () => {
  it("no event has anything of a cookie, an id or a value in it", async () => {
    const { sessions, store, cookie, events } = await begun();
    const id = cookieValue(cookie);
    for (const header of [
      `__Host-session=${evil}`,
      `${cookie}; __Host-session=${evil}`,
      `__Host-session=${"x".repeat(70_000)}`,
    ])
      await sessions.open(header);
    const [one, other] = [await sessions.open(cookie), await sessions.open(cookie)];
    one.$assign({ secret: evil, notice: evil });
    other.$assign({ secret: "other", visits: 5 });
    await one.$commit();
    await other.$commit();
    await store.write(keyIn(cookie), Buffer.from(`{"visits": ${evil}`), { expect: "any", expiresAt });
    await sessions.open(cookie);
    await visit(
      sessions,
      await visit(sessions, undefined, (session) => session.$assign({ user: evil })),
      (session) => session.$destroy(),
    );
    const said = inspect(events, { depth: 10, showHidden: true });
    expect(new Set(events.map((event) => Reflect.get(Object(event), "name")))).toEqual(
      new Set(["created", "cookie-refused", "conflict", "unreadable", "destroyed"]),
    );
    for (const unsaid of [id, keyOf(id), "hunter2", "lovelace", "script", "Set-Cookie"])
      expect(said).not.toContain(unsaid);
  });

  it("messages of errors have no control characters, whatever the names in them", async () => {
    const { sessions, cookie } = await begun();
    const session = await sessions.open(cookie);
    const messages: string[] = [];
    const collect = async (operation: () => unknown): Promise<void> => {
      try {
        await operation();
      } catch (error) {
        expect(error).toBeInstanceOf(SessionError);
        messages.push(String(error));
      }
    };
    await collect(() => session.$assign(JSON.parse(JSON.stringify({ [evil]: 1 }))));
    await collect(() => sessions.count(evil as never, "" as never));
    await collect(() => {
      throw new SessionError("store/unavailable", evil);
    });
    await collect(() => resolveCookie({ name: evil }, identityOf({ application })));
    expect(messages).toHaveLength(4);
    for (const message of messages) expect(message).not.toMatch(acting);
  });
});

describe("prototype pollution", () => {
  const members = Object.getOwnPropertyNames(Object.prototype).sort();
  const clean = (session: object): void => {
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(members);
    expect("admin" in {}).toBe(false);
    expect("admin" in session).toBe(false);
  };

  it.each(["__proto__", "constructor", "prototype", "toString", "$id", "$commit"])(
    "no field is called %s: assigning it is refused",
    async (name) => {
      const { sessions, cookie } = await begun();
      const session = await sessions.open(cookie);
      const body = JSON.parse(`{ "${name}": { "admin": true } }`);
      expect(() => session.$assign(body)).toThrow(expect.objectContaining({ code: "field/unknown" }));
      clean(session);
    },
  );

  const proto = '{ "admin": true }';
  const maps = (key: string): Buffer => Buffer.concat([Buffer.of(0x81), pack(key), pack({ admin: true })]);
  /** Revision, flags and the beginning in seconds; then what the flags say. */
  const packed = (flags: number, ...rest: Uint8Array[]): Buffer =>
    Buffer.concat([Buffer.of(0x93 + rest.length, 2, flags), pack(start / 1000), ...rest]);
  it.each<[string, Buffer]>([
    ["json: a key of the session", Buffer.from(`{ "__proto__": ${proto} }`)],
    [
      "json: a key within a field",
      Buffer.from(`{ "cart": [{ "__proto__": ${proto}, "sku": "a", "quantity": 1 }] }`),
    ],
    [
      "json: a key within what the schema does not know",
      Buffer.from(`{ "x": { "constructor": { "prototype": ${proto} } } }`),
    ],
    ["json: a tagged object", Buffer.from(`{ "cart": [{ "$object": { "__proto__": ${proto} } }] }`)],
    [
      "json: slots",
      Buffer.from(
        `{ "$history": "${historyMark.toString("base64")}", "$slots": { "__proto__": "wA==", "constructor": "wA==" } }`,
      ),
    ],
    ["msgpack: a key of the session", maps("__proto__")],
    ["msgpack: a constructor", maps("constructor")],
    [
      "msgpack: a key within a field",
      Buffer.concat([Buffer.of(0x81), pack("cart"), Buffer.of(0x91), maps("__proto__")]),
    ],
    [
      "packed: a key within a field",
      packed(
        8 + 16,
        pack(historyMark),
        Buffer.of(0b100),
        Buffer.concat([Buffer.of(0x91), maps("__proto__")]),
      ),
    ],
    ["packed: keys outside the schema", packed(32, maps("__proto__"))],
  ])("%s", async (_case, payload) => {
    for (const format of ["packed", "msgpack", "json"] as const) {
      const { sessions, store, cookie } = await begun({ serializer: serializerOf(format) });
      await store.write(keyIn(cookie), payload, { expect: "any", expiresAt });
      const session = await sessions.open(cookie);
      for (const [, value] of session) clean(Object(value));
      clean(session);
      for (const item of session.cart) expect("admin" in item).toBe(false);
      session.visits = 2;
      const committed = await session.$commit();
      clean(await sessions.open(committed[0] ?? cookie));
    }
  });
});

describe("row swapping", () => {
  /** Ada's row under Eve's key, by somebody who can write to the store. */
  async function swapped(options: Parameters<typeof setup>[0] = {}) {
    const { sessions, store, cookie } = await begun(options);
    const eve = await visit(sessions, undefined, (session) =>
      session.$assign({ user: "eve", secret: "eve's" }),
    );
    const { payload = new Uint8Array() } = (await store.read(keyIn(cookie))) ?? {};
    await store.write(keyIn(eve), payload, { expect: "any", expiresAt });
    return sessions.open(eve);
  }

  // Said in docs/security.md: whoever can write to a store without encryption decides what sessions there are.
  it("without encryption, a row copied to another key is read there", async () => {
    expect((await swapped()).user).toBe("ada lovelace");
  });

  it("with an encrypted payload, a row copied to another key is an anonymous session", async () => {
    const session = await swapped({ encryption: encryptWith({ secrets: ["x".repeat(32)], payload: true }) });
    expect([session.$isNew, session.user]).toEqual([true, undefined]);
  });

  it("with an encrypted field, what else is in the row is read, and the field is not", async () => {
    const fields = plainFields.map((field) =>
      field.name === "secret" ? { ...field, encrypt: true } : field,
    );
    const session = await swapped({ fields, encryption: encryptWith({ secrets: ["x".repeat(32)] }) });
    expect([session.user, session.secret]).toEqual(["ada lovelace", undefined]);
  });
});

describe("ids and secrets", () => {
  const secrets = ["the secret that signs, long enough to be one"];

  it("are not in what inspect and JSON show of sessions and stores", async () => {
    const store: SessionStore = memoryStore({ clock: () => start });
    for (const made of [setup({ store, cookie: { secrets } }), setup({ store: cookieStore({ secrets }) })]) {
      const session = await made.sessions.open(undefined);
      session.$assign({ visits: 1, secret: "hunter2" });
      const cookies = await session.$commit();
      const shown = [session, made.sessions, made.store]
        .map(
          (value) =>
            `${inspect(value, { depth: 20, showHidden: true, getters: false })}${JSON.stringify(value)}${String(value)}`,
        )
        .join();
      expect(shown).toContain("visits");
      for (const unsaid of [String(session.$id), ...secrets, "hunter2", cookieValue(cookies[0])])
        expect(shown).not.toContain(unsaid);
    }
  });

  it("are not in errors, nor in the errors of a store behind them", async () => {
    const memory = memoryStore();
    const failing: SessionStore = {
      kind: "failing",
      // Sessions fail, the epoch does not.
      read: (key) => (isEpoch(key) ? memory.read(key) : Promise.reject(new Error(`no answer for ${key}`))),
      write: (key, ...rest) =>
        isEpoch(key) ? memory.write(key, ...rest) : Promise.reject(new Error(`no answer for ${key}`)),
      touch: () => Promise.resolve("gone"),
      remove: () => Promise.resolve(false),
      close: async () => {},
    };
    const { sessions } = setup({ store: failing, cookie: { secrets } });
    const ids: string[] = [];
    const { sessions: writing } = setup({
      store: failing,
      generateId: () => {
        const id = generateId();
        ids.push(id);
        return id;
      },
    });
    const session = await writing.open(undefined);
    session.secret = "hunter2";
    const errors = [
      await session.$commit().catch((error: unknown) => error),
      await setup({ store: failing })
        .sessions.open(`__Host-session=${"A".repeat(43)}`)
        .catch((error: unknown) => error),
    ];
    expect(errors).toHaveLength(2);
    const shown = inspect([errors, sessions], { depth: 10, showHidden: true });
    expect(ids).toHaveLength(1);
    for (const unsaid of [...ids, ...secrets, "A".repeat(43), "hunter2"]) expect(shown).not.toContain(unsaid);
  });

  it.each<Format>(["packed", "msgpack", "json"])("are not in what is stored, as %s", async (format) => {
    const { store, cookie } = await begun({ serializer: serializerOf(format), cookie: { secrets } });
    const [id = "", signature = ""] = cookieValue(cookie).split(".");
    const stored = Buffer.from((await store.read(keyOf(id)))?.payload ?? []);
    expect(stored.length).toBeGreaterThan(0);
    for (const unsaid of [id, signature, ...secrets]) expect(stored.includes(unsaid)).toBe(false);
    expect(stored.includes(Buffer.from(id, "base64url"))).toBe(false);
  });

  it("are 256 bits from the CSPRNG, and no two are alike", () => {
    const ids = Array.from({ length: 10_000 }, () => generateId());
    expect(new Set(ids).size).toBe(10_000);
    const ones = ids.reduce((sum, id) => {
      const bytes = Buffer.from(id, "base64url");
      expect(bytes).toHaveLength(32);
      return sum + bytes.reduce((bits, byte) => bits + byte.toString(2).replaceAll("0", "").length, 0);
    }, 0);
    // Half of 2 560 000 bits, give or take six standard deviations of 800.
    expect(Math.abs(ones - 1_280_000)).toBeLessThan(4_800);
  });
});
