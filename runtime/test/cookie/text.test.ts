import { parse, serialize } from "cookie";
import { describe, expect, it } from "vitest";
import { type CookieAttributes, cookieText, isWritable, valueIn } from "../../src/cookie/text.js";

const plain: CookieAttributes = {
  path: "/",
  httpOnly: false,
  secure: false,
  partitioned: false,
  sameSite: "lax",
};

describe("what the cookie package writes", () => {
  it.each<[string, CookieAttributes]>([
    ["little", plain],
    ["all flags", { ...plain, httpOnly: true, secure: true, partitioned: true, sameSite: "none" }],
    ["a domain", { ...plain, domain: ".shop.example", sameSite: "strict" }],
    ["an empty domain, and no path", { ...plain, domain: "", path: "" }],
    ["an end", { ...plain, maxAge: 60, expires: new Date(60_000), priority: "high" }],
    ["an end that has come", { ...plain, maxAge: 0, expires: new Date(0), priority: "low" }],
  ])("is written with %s", (_, attributes) => {
    expect(cookieText("__Host-session", "Ab-_9.x", attributes)).toBe(
      serialize("__Host-session", "Ab-_9.x", attributes as Parameters<typeof serialize>[2]),
    );
  });
});

describe("what the cookie package reads", () => {
  it.each(["a=1", " a = 1 ", "\ta=1\t", "a=", "a", "a=b=c", "=1", " a", "ab=1", "b=a=1", 'a="1"', "a=%20"])(
    "is read of %j",
    (pair) => {
      expect(valueIn(pair, "a")).toBe(parse(pair, { decode: (text) => text })["a"]);
    },
  );
});

describe("what the cookie package refuses", () => {
  it.each([
    { name: "session", path: "/", domain: "shop.example" },
    { name: "session", path: "/", domain: ".shop.example" },
    { name: "a b", path: "/" },
    { name: "a=b", path: "/" },
    { name: "a;b", path: "/" },
    { name: "", path: "/" },
    { name: "sch\u00f6n", path: "/" },
    { name: "session", path: "/a;b" },
    { name: "session", path: "/a<b" },
    { name: "session", path: "/\r\n" },
    { name: "session", path: "/", domain: "shop.example; Path=/" },
    { name: "session", path: "/", domain: "-shop.example" },
    { name: "session", path: "/", domain: `${"a".repeat(64)}.example` },
  ])("is refused: %j", ({ name, path, domain }) => {
    let refused = false;
    try {
      serialize(name, "", { path, ...(domain !== undefined && { domain }) });
    } catch {
      refused = true;
    }
    expect(isWritable({ name, path, domain })).toBe(!refused);
  });
});
