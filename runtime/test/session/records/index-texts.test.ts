import { describe, expect, it } from "vitest";
import { identityOf } from "../../../src/crypto/identity.js";
import {
  createSessions,
  encryptWith,
  type FieldDefinition,
  type SessionsOptions,
} from "../../../src/index.js";
import { IndexTexts } from "../../../src/session/records/index-texts.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { application, definition, type Session, user, visit } from "../support/fixture.js";

const [old, next] = ["old", "new"].map((name) => name.padEnd(40, "*")) as [string, string];
const index = { path: "user", name: "user", pick: (value: string | undefined) => value, hashed: true };
// The class reads the definition it was made with.
Object.assign(user satisfies FieldDefinition<string | undefined>, { indexes: [index] });
const texts = (secrets: readonly string[], names = { application }) =>
  new IndexTexts(identityOf(names), secrets);

describe("the text of a hashed index", () => {
  it.each<[string, { given: string }]>([
    ["another value", { given: texts([old]).textOf(index, "eve") }],
    ["another secret", { given: texts([next]).textOf(index, "ada") }],
    ["no secret", { given: texts([]).textOf(index, "ada") }],
    ["another index", { given: texts([old]).textOf({ ...index, name: "other" }, "ada") }],
    ["another application", { given: texts([old], { application: "other" }).textOf(index, "ada") }],
  ])("is another one with %s", (_name, { given }) => {
    expect(given).not.toBe(texts([old]).textOf(index, "ada"));
    expect(given).toMatch(/^[\w-]{43}$/);
  });

  it("is the value itself where it is not to be hashed", () => {
    const open = { ...index, hashed: false };
    expect([texts([old]).textOf(open, 7), texts([old]).textsOf(open, 7)]).toEqual(["7", ["7"]]);
  });
});

describe("a lookup", () => {
  const sessionsWith = (store: SessionsOptions["store"], more: Partial<SessionsOptions>) =>
    createSessions<Session, { user: string }>({
      ...definition,
      store,
      ...more,
    });

  it.each<[string, { given: Partial<SessionsOptions>; want: Partial<SessionsOptions> }]>([
    [
      "of the encryption",
      {
        given: { encryption: encryptWith({ secrets: [old] }) },
        want: { encryption: encryptWith({ secrets: [next, old] }) },
      },
    ],
    ["of the cookie", { given: { cookie: { secrets: [old] } }, want: { cookie: { secrets: [next, old] } } }],
    ["that comes", { given: {}, want: { encryption: encryptWith({ secrets: [next] }) } }],
    [
      "of the cookie, before there was encryption",
      {
        given: { cookie: { secrets: [old] } },
        want: { cookie: { secrets: [old] }, encryption: encryptWith({ secrets: [next] }) },
      },
    ],
  ])(
    "finds what any secret that is still there has written, and what was written without one: %s",
    async (_name, { given, want }) => {
      const store = memoryStore();
      await visit(sessionsWith(store, given), undefined, (session) => session.$assign({ user: "ada" }));
      const later = sessionsWith(store, want);
      expect(await later.count("user", "ada")).toBe(1);
      expect(await later.destroyBy("user", "ada")).toBe(1);
    },
  );

  it("finds nothing that a secret wrote which is gone", async () => {
    const store = memoryStore();
    const before = sessionsWith(store, { encryption: encryptWith({ secrets: [old] }) });
    await visit(before, undefined, (session) => session.$assign({ user: "ada" }));
    expect(
      await sessionsWith(store, { encryption: encryptWith({ secrets: [next] }) }).count("user", "ada"),
    ).toBe(0);
  });
});
