import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CookieReading, cookieValues } from "../../src/cookie/cookie.js";
import {
  type CookieOptions,
  type ResolvedCookie,
  resolveCookie as resolve,
} from "../../src/cookie/options.js";
import { readTokens, tokenOf } from "../../src/cookie/token.js";
import { identityOf } from "../../src/crypto/identity.js";
import { application } from "../session/support/fixture.js";

const identity = identityOf({ application });
const resolveCookie = (options: CookieOptions = {}) => resolve(options, identity);

const now = Date.UTC(2026, 0, 1);
const HOUR = 60 * 60_000;

/** The token that a secret signs. */
const token = (key: string, of: string, value: string, issued = now): string =>
  tokenOf(value, of, resolveCookie({ secrets: [key] }), issued);

function readCookie(header: string | null | undefined, cookie: ResolvedCookie): CookieReading {
  const found = cookieValues(header, cookie.name);
  return found.kind === "values" ? readTokens(found.values, cookie.name, cookie, now) : found;
}

const id = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE";
const other = id.toUpperCase().replace("-", "a").replace("_", "b");
const [secret, older, foreign] = ["new", "old", "foreign"].map((name) => name.padEnd(40, "*")) as [
  string,
  string,
  string,
];
const plain = resolveCookie();
const signed = resolveCookie({ secrets: [secret, older] });
const accepting = resolveCookie({ secrets: [secret], acceptUnsigned: true });
const name = "__Host-session";
const held: CookieReading = { kind: "held", reason: "signature" };
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
    ["a shorter id than any", { given: `${name}=${id.slice(-21)}`, want: refused("malformed") }],
    ["a longer id than any", { given: `${name}=${id}${id}a`, want: refused("malformed") }],
    ["a name that ends alike", { given: `x${name}=${id}`, want: { kind: "none" } }],
    ["an id, and one that is none", { given: `${name}=${id}; ${name}=x; ${name}=`, want: found(true) }],
    ["two that are none", { given: `${name}=x; ${name}=y`, want: refused("ambiguous") }],
    ["a signature where none is known", { given: `${name}=${token(secret, name, id)}`, want: found() }],
    ["something behind the id", { given: `${name}=${id}.x`, want: refused("malformed") }],
    ["a signature", { given: `${name}=${token(secret, name, id)}`, with: signed, want: found() }],
    [
      "a signature with the old secret",
      { given: `${name}=${token(older, name, id)}`, with: signed, want: found(true) },
    ],
    [
      "the same id, signed with both secrets",
      {
        given: `${name}=${token(older, name, id)}; ${name}=${token(secret, name, id)}`,
        with: signed,
        want: found(true),
      },
    ],
    [
      "a signed id among others",
      {
        given: `${name}=${other}; ${name}=${token(secret, name, id)}; ${name}=${token(foreign, name, other)}`,
        with: signed,
        want: found(true),
      },
    ],
    [
      "two ids that are signed",
      {
        given: `${name}=${token(secret, name, id)}; ${name}=${token(secret, name, other)}`,
        with: signed,
        want: refused("ambiguous"),
      },
    ],
    [
      "two of which a newer deploy may have signed one",
      { given: `${name}=${other}; ${name}=${token(foreign, name, id)}`, with: signed, want: held },
    ],
    [
      "a signature of another secret, from the last hour",
      { given: `${name}=${token(foreign, name, id, now - HOUR)}`, with: signed, want: held },
    ],
    [
      "a signature of another secret, from before",
      {
        given: `${name}=${token(foreign, name, id, now - HOUR - 1000)}`,
        with: signed,
        want: refused("signature"),
      },
    ],
    [
      "a signature of another secret, from the future",
      {
        given: `${name}=${token(foreign, name, id, now + 2 * HOUR)}`,
        with: signed,
        want: refused("signature"),
      },
    ],
    [
      "a signature of another cookie",
      { given: `${name}=${token(secret, "a", id, 0)}`, with: signed, want: refused("signature") },
    ],
    [
      "a signature of another time",
      {
        given: `${name}=${token(secret, name, id, now - 2 * HOUR).replace(/\../, ".A")}`,
        with: signed,
        want: refused("signature"),
      },
    ],
    [
      "a truncated signature",
      { given: `${name}=${token(secret, name, id).slice(0, -1)}`, with: signed, want: refused("signature") },
    ],
    ["no signature", { given: `${name}=${id}`, with: signed, want: refused("signature") }],
    [
      "no signature, from before there were any",
      { given: `${name}=${id}`, with: accepting, want: found(true) },
    ],
    [
      "no signature, beside one that is signed",
      {
        given: `${name}=${other}; ${name}=${token(secret, name, id)}`,
        with: accepting,
        want: found(true),
      },
    ],
    [
      "two without a signature",
      { given: `${name}=${id}; ${name}=${other}`, with: accepting, want: refused("ambiguous") },
    ],
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
    const old = resolveCookie({ ...given, secrets: [older] });
    // From before the last hour, in which another node may know more.
    const pair = `${name}=${tokenOf(id, name, old, now - 2 * HOUR)}`;
    expect(pair.split(".")[1]).toHaveLength(6 + length);
    expect(readCookie(pair, old)).toEqual(found());
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
    ["__Host- without secure", { given: { name: "__Host-s", secure: false }, want: "cookie/invalid-option" }],
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
    [
      "accepting unsigned ones without secrets",
      { given: { acceptUnsigned: true }, want: "cookie/invalid-option" },
    ],
    ["a short secret", { given: { secrets: ["short"] }, want: "cookie/weak-secret" }],
  ])("%s is refused", (_name, { given, want }) => {
    expect(() => resolveCookie(given)).toThrow(expect.objectContaining({ code: want }));
  });
});
