import { describe, expect, it } from "vitest";
import { generateId, idPattern } from "../../src/crypto/id.js";
import { identityOf, keyMaker, storeKey } from "../../src/crypto/identity.js";

describe("an identity", () => {
  const identities = [
    { application: "shop" },
    { application: "forum" },
    { application: "shop", realm: "eu" },
    { application: "shop", name: "eu" },
    { application: "shop", realm: "eu", name: "admin" },
    { application: "shop", realm: "euadmin" },
  ];

  it("is another one for each application, realm and kind", () => {
    const all = identities.map((names) => identityOf(names));
    expect(new Set(all.map(({ text }) => text)).size).toBe(identities.length);
    expect(new Set(all.map(({ tag }) => tag)).size).toBe(identities.length);
    for (const { tag, text } of all) expect(text).toMatch(new RegExp(`^${tag}[\\w-]{35}$`));
  });

  it("makes keys that begin with its tag and do not show the id", () => {
    const id = generateId();
    for (const names of identities) {
      const key = storeKey(id, names);
      expect(key).toBe(keyMaker(identityOf(names))(id));
      expect(key).toMatch(/^[\w-]{8}\.[\w-]{43}$/);
      expect(key).not.toContain(id);
    }
    expect(new Set(identities.map((names) => storeKey(id, names))).size).toBe(identities.length);
  });
});

describe("an id", () => {
  it.each([
    [16, 22],
    [32, 43],
    [64, 86],
  ])("of %i bytes has %i characters, and is looked up", (bytes, length) => {
    const id = generateId(bytes);
    expect(id).toHaveLength(length);
    expect(id).toMatch(idPattern);
    expect(generateId(bytes)).not.toBe(id);
  });

  it.each([
    ["too short a one", "A".repeat(21)],
    ["too long a one", "A".repeat(87)],
    ["one with a dot", `${"A".repeat(22)}.`],
    ["one with a line break", `${"A".repeat(22)}\n`],
    ["one of base64", `${"A".repeat(22)}+/`],
  ])("is not looked up: %s", (_name, text) => {
    expect(text).not.toMatch(idPattern);
  });
});
