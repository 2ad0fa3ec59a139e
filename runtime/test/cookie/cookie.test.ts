import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CookieReading, readCookie, sessionCookie } from "../../src/cookie/cookie.js";
import { type CookieOptions, resolveCookie as resolve } from "../../src/cookie/options.js";
import { identityOf } from "../../src/crypto/identity.js";
import { Signer } from "../../src/crypto/signature.js";
import { application } from "../session/support/fixture.js";

const identity = identityOf({ application });
const resolveCookie = (options: CookieOptions = {}) => resolve(options, identity);
const sign = (key: string, of: string, value: string): string =>
  new Signer(identity.text, [key]).sign(of, value);
const id = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE";
const other = id.toUpperCase().replace("-", "a").replace("_", "b");
const [secret, older, foreign] = ["new", "old", "foreign"].map((name) => name.padEnd(40, "*")) as [
  string,
  string,
  string,
];
const plain = resolveCookie();
const signed = resolveCookie({ secrets: [secret, older] });
const name = "__Host-session";
const refused = (reason: "too-long" | "malformed" | "ambiguous" | "signature"): CookieReading => ({
  kind: "refused",
  reason,
});
const found = (stale = false): CookieReading => ({ kind: "id", id, stale });

describe("reading", () => {
  it.each<[string, { given: string | null | undefined; with?: typeof plain; want: CookieReading }]>([
    ["no header", { given: undefined, want: { kind: "none" } }],
    ["an empty header", { given: "", want: { kind: "none" } }],
    ["other cookies", { given: "a=b; c=d", want: { kind: "none" } }],
    ["an empty value", { given: `${name}=`, want: { kind: "none" } }],
    ["the cookie among others", { given: `a=b; ${name}=${id}; c=d`, want: found() }],
    ["the same cookie twice", { given: `${name}=${id}; ${name}=${id}`, want: found() }],
    ["two that differ", { given: `${name}=${id}; ${name}=${other}`, want: refused("ambiguous") }],
    ["100 kB", { given: `${name}=${"x".repeat(100_000)}`, want: refused("too-long") }],
    ["bad UTF-8", { given: `${name}=\xff\xfe%ff%zz`, want: refused("malformed") }],
    ["a shorter id", { given: `${name}=${id.slice(1)}`, want: refused("malformed") }],
    ["a name that ends alike", { given: `x${name}=${id}`, want: { kind: "none" } }],
    [
      "a signed cookie where none are",
      { given: `${name}=${id}.${sign(secret, name, id)}`, want: refused("malformed") },
    ],
    ["a signature", { given: `${name}=${id}.${sign(secret, name, id)}`, with: signed, want: found() }],
    [
      "a signature with the old secret",
      { given: `${name}=${id}.${sign(older, name, id)}`, with: signed, want: found(true) },
    ],
    [
      "a forged signature",
      { given: `${name}=${id}.${sign(foreign, name, id)}`, with: signed, want: refused("signature") },
    ],
    [
      "a signature of another cookie",
      { given: `${name}=${id}.${sign(secret, "a", id)}`, with: signed, want: refused("signature") },
    ],
    [
      "a truncated signature",
      {
        given: `${name}=${id}.${sign(secret, name, id).slice(0, -1)}`,
        with: signed,
        want: refused("signature"),
      },
    ],
    ["no signature", { given: `${name}=${id}`, with: signed, want: refused("signature") }],
  ])("%s", (_name, { given, with: cookie = plain, want }) => {
    expect(readCookie(given, cookie)).toEqual(want);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        readCookie(text, signed);
        readCookie(`${name}=${text}`, signed);
      }),
    );
  });

  it.each<[string, { given: CookieOptions; length: number }]>([
    ["SHA-256, the default", { given: {}, length: 43 }],
    ["SHA-384", { given: { digest: "sha384" }, length: 64 }],
    ["SHA-512", { given: { digest: "sha512" }, length: 86 }],
    ["a salt", { given: { salt: "shop" }, length: 43 }],
    ["SHA-512 and a salt", { given: { digest: "sha512", salt: "shop" }, length: 86 }],
  ])("reads what it wrote with %s, and nothing that was signed otherwise", (_name, { given, length }) => {
    const [pair = ""] = sessionCookie(id, resolveCookie({ ...given, secrets: [older] })).split(";");
    expect(pair.split(".")[1]).toHaveLength(length);
    expect(readCookie(pair, resolveCookie({ ...given, secrets: [older] }))).toEqual(found());
    expect(readCookie(pair, resolveCookie({ ...given, secrets: [secret, older] }))).toEqual(found(true));
    for (const salt of ["another", "Shop"]) {
      const otherwise = resolveCookie({ ...given, salt, secrets: [older] });
      expect(readCookie(pair, otherwise)).toEqual(refused("signature"));
    }
    const digest = given.digest === "sha384" ? "sha512" : "sha384";
    expect(readCookie(pair, resolveCookie({ ...given, digest, secrets: [older] }))).toEqual(
      refused("signature"),
    );
  });
});

describe("options", () => {
  it.each<[string, { given: CookieOptions; want: string }]>([
    ["__Host- without secure", { given: { secure: false }, want: "cookie/invalid-option" }],
    ["__Host- with a domain", { given: { domain: "example.org" }, want: "cookie/invalid-option" }],
    ["__Host- with a path", { given: { path: "/app" }, want: "cookie/invalid-option" }],
    [
      "__Secure- without secure",
      { given: { name: "__Secure-s", secure: false }, want: "cookie/invalid-option" },
    ],
    [
      "SameSite=None without secure",
      { given: { name: "s", secure: false, sameSite: "none" }, want: "cookie/invalid-option" },
    ],
    [
      "Partitioned without secure",
      { given: { name: "s", secure: false, partitioned: true }, want: "cookie/invalid-option" },
    ],
    [
      "__Host- with secure: auto",
      { given: { name: "__Host-s", secure: "auto" }, want: "cookie/invalid-option" },
    ],
    [
      "__Secure- with secure: auto",
      { given: { name: "__Secure-s", secure: "auto" }, want: "cookie/invalid-option" },
    ],
    [
      "SameSite=None with secure: auto",
      { given: { sameSite: "none", secure: "auto" }, want: "cookie/invalid-option" },
    ],
    ["a name that is none", { given: { name: "a b" }, want: "cookie/invalid-option" }],
    ["a short secret", { given: { secrets: ["short"] }, want: "cookie/weak-secret" }],
  ])("%s is refused", (_name, { given, want }) => {
    expect(() => resolveCookie(given)).toThrow(expect.objectContaining({ code: want }));
  });
});
