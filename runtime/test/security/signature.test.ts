import { describe, expect, it, vi } from "vitest";
import { resolveCookie } from "../../src/cookie/options.js";
import { readToken, tokenOf } from "../../src/cookie/token.js";
import { identityOf } from "../../src/crypto/identity.js";
import { Signer } from "../../src/crypto/signature.js";
import { application, keyOf } from "../session/support/fixture.js";
import { cookieValue, hosts, serve } from "./application.js";

const secrets = ["the secret that signs now, long enough", "the secret before that, long enough, too"];
const [secret = "", older = ""] = secrets;
const name = "__Host-session";
const identity = identityOf({ application });
/** What stands behind the id: when it was signed, and the signature. */
const sign = (key: string, of: string, value: string): string =>
  tokenOf(value, of, resolveCookie({ secrets: [key] }, identity), Date.now()).slice(value.length + 1);

describe.each(hosts)("a signed cookie, %s", (_name, host) => {
  const cookie = { secrets };

  it.each<[string, (id: string, signature: string) => string]>([
    ["without its signature", (id) => id],
    ["with an empty signature", (id) => `${id}.`],
    ["with a signature by another secret", (id) => `${id}.${sign("x".repeat(32), name, id)}`],
    ["with a signature for another cookie's name", (id) => `${id}.${sign(secret, "__Host-admin", id)}`],
    ["with the signature of another id", (id) => `${id}.${sign(secret, name, "A".repeat(43))}`],
    ["with the signature of the signature", (id, signature) => `${id}.${sign(secret, name, signature)}`],
    [
      "with a signature in hex",
      (id, signature) => `${id}.${Buffer.from(signature, "base64url").toString("hex")}`,
    ],
    [
      "with a signature in base64 with padding",
      (id, signature) => `${id}.${Buffer.from(signature, "base64url").toString("base64")}`,
    ],
    ["with a signature and something more", (id, signature) => `${id}.${signature}A`],
    ["with the signature twice", (id, signature) => `${id}.${signature}.${signature}`],
    ["with the id and the signature swapped", (id, signature) => `${signature}.${id}`],
  ])("%s opens nothing", async (_case, forge) => {
    const { ask, refused } = await serve(host, { cookie });
    const [id = "", signature = ""] = cookieValue((await ask("/login")).setCookies[0]).split(".");
    const { session } = await ask("/", `${name}=${forge(id, signature)}`);
    expect(session).not.toHaveProperty("user");
    expect(refused).toHaveLength(1);
    expect((await ask("/", `${name}=${id}.${signature}`)).session).toMatchObject({ user: "ada" });
  });

  it("opens nothing when a single character of it is missing or another", async () => {
    const { sessions, ask } = await serve(host, { cookie });
    const value = cookieValue((await ask("/login")).setCookies[0]);
    for (let index = 0; index < value.length; index += 1) {
      const other = value[index] === "A" ? "B" : "A";
      for (const changed of [value.slice(0, index), value.slice(0, index) + other + value.slice(index + 1)])
        expect((await sessions.open(`${name}=${changed}`)).$isNew, changed).toBe(true);
    }
  });

  it("is signed with the new secret as soon as it comes with an older one's signature", async () => {
    const { ask } = await serve(host, { cookie });
    const [id = ""] = cookieValue((await ask("/login")).setCookies[0]).split(".");
    const { session, setCookies } = await ask("/", `${name}=${id}.${sign(older, name, id)}`);
    expect(session).toMatchObject({ user: "ada" });
    const renewed = cookieValue(setCookies[0]);
    expect(readToken(renewed, name, resolveCookie({ secrets: [secret] }, identity), Date.now())).toEqual({
      ...{ kind: "id", id, stale: false },
    });
  });
});

const compared = vi.hoisted(() => ({ count: 0 }));
vi.mock("node:crypto", async (original) => {
  const crypto = await original<typeof import("node:crypto")>();
  const timingSafeEqual: typeof crypto.timingSafeEqual = (one, other) => {
    compared.count += 1;
    return crypto.timingSafeEqual(one, other);
  };
  return { ...crypto, timingSafeEqual };
});

describe("timing", () => {
  it("the signature is compared in constant time, with every secret, whichever fits", () => {
    for (const by of [secret, older, "x".repeat(32)]) {
      compared.count = 0;
      const { text } = identity;
      new Signer(text, [secret, older]).verify(name, "id", new Signer(text, [by]).sign(name, "id"));
      expect(compared.count).toBe(2);
    }
  });

  it("so is that of a session which travels in its cookie", async () => {
    const { Sealing } = await import("../../src/crypto/sealing.js");
    const carried = { id: "A".repeat(43), expiresAt: 0, payload: Uint8Array.of(1) };
    compared.count = 0;
    expect(
      new Sealing("signed", secrets).open(name, new Sealing("signed", ["x".repeat(32)]).seal(name, carried)),
    ).toBeUndefined();
    expect(compared.count).toBe(2);
  });

  it("what is looked up in the store is the hash of an id, so that the time it takes tells nothing about ids", async () => {
    const [one, other] = [keyOf("A".repeat(43)), keyOf(`${"A".repeat(42)}B`)];
    let common = 0;
    while (one[common] === other[common]) common += 1;
    // Behind the tag, which all have in common.
    expect(common).toBeLessThan("12345678.".length + 8);
  });
});
