import { serialize } from "cookie";
import { describe, expect, it } from "vitest";
import { type CookieAttributes, isWellFormed, writeSetCookie } from "../../src/cookie/set-cookie.js";

const strict = { path: "/", httpOnly: true, secure: true, sameSite: "lax", partitioned: false } as const;

describe("writing, as the package cookie does", () => {
  it.each<[string, { given: CookieAttributes; value?: string }]>([
    ["the defaults", { given: strict }],
    [
      "all there is",
      { given: { ...strict, domain: "a.example", maxAge: 60, partitioned: true, priority: "high" } },
    ],
    ["what a script may read over plain HTTP", { given: { ...strict, httpOnly: false, secure: false } }],
    ["an end for clients without Max-Age", { given: { ...strict, maxAge: 0, expires: new Date(0) } }],
    ["other sites", { given: { ...strict, sameSite: "none", path: "/a b" } }],
    ["this site alone", { given: { ...strict, sameSite: "strict", priority: "low" } }],
    ["no value", { given: strict, value: "" }],
    ["a value that would end the cookie", { given: strict, value: 'a; Domain=b, "c"=\r\nd' }],
  ])("%s", (_, { given, value = "a.b-c_d~" }) => {
    const { domain, maxAge, expires, priority, ...others } = given;
    expect(writeSetCookie("__Host-a", value, given)).toBe(
      serialize("__Host-a", value, {
        ...others,
        ...(domain !== undefined && { domain }),
        ...(maxAge !== undefined && { maxAge }),
        ...(expires !== undefined && { expires }),
        ...(priority !== undefined && { priority }),
      }),
    );
  });
});

describe("what is well-formed", () => {
  const label = "a".repeat(63);
  it.each<[string, { given: { name?: string; path?: string; domain?: string }; want: boolean }]>([
    ["the defaults", { given: {}, want: true }],
    ["a name with every mark that is allowed", { given: { name: "!#$%&'*+-.^_`|~:<>?@,\\" }, want: true }],
    ["no name", { given: { name: "" }, want: false }],
    ["a name with =", { given: { name: "a=b" }, want: false }],
    ["a name with ;", { given: { name: "a;b" }, want: false }],
    ["a name with a blank", { given: { name: "a b" }, want: false }],
    ["a name with a letter of another alphabet", { given: { name: "\u00e4" }, want: false }],
    ["a path with ;", { given: { path: "/; Domain=b" }, want: false }],
    ["a path with a line break", { given: { path: "/\r\nSet-Cookie: a" }, want: false }],
    ["a domain", { given: { domain: "a-b.example" }, want: true }],
    ["a domain after a dot", { given: { domain: ".example" }, want: true }],
    ["the longest label", { given: { domain: `${label}.example` }, want: true }],
    ["a longer one", { given: { domain: `${label}a.example` }, want: false }],
    ["a label that ends in -", { given: { domain: "a-.example" }, want: false }],
    ["no domain", { given: { domain: "" }, want: false }],
    ["a domain with ;", { given: { domain: "a;b" }, want: false }],
  ])("%s", (_, { given, want }) => {
    const { name = "__Host-a", path = "/", domain } = given;
    expect(isWellFormed({ name, path, domain })).toBe(want);
  });
});
