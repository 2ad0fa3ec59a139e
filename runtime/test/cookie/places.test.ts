import { describe, expect, it } from "vitest";
import { clearedElsewhere } from "../../src/cookie/cookie.js";
import { type CookieOptions, resolveCookie as resolve } from "../../src/cookie/options.js";
import { type Destination, otherPlaces } from "../../src/cookie/places.js";
import { identityOf } from "../../src/crypto/identity.js";
import { application } from "../session/support/fixture.js";

const resolveCookie = (options: CookieOptions) => resolve(options, identityOf({ application }));
const plain = { name: "session", secure: false } as const;

/** Places as `domain path`. */
function placesOf(options: CookieOptions, url?: string, ...hosts: (string | undefined)[]): string[] {
  const places = otherPlaces(resolveCookie({ ...plain, ...options }), { url, hosts });
  return places.map(
    ({ domain = "", path, partitioned }) => `${domain} ${path}${partitioned ? " partitioned" : ""}`,
  );
}

describe("the places of a cookie other than where it is set", () => {
  it.each<[string, { given: string[]; want: string[] }]>([
    [
      "beginnings of the path, for the host and its parents",
      {
        given: [
          placesOf({}, "/a/b?c=/d", "shop.example.org:8080"),
          placesOf({}, "https://shop.example.org/a/b#e", "shop.example.org"),
        ].map((places) => places.join("\n")),
        want: Array(2).fill(
          [
            ...[" /a", " /a/", " /a/b"],
            ...["shop.example.org /", "shop.example.org /a", "shop.example.org /a/", "shop.example.org /a/b"],
            ...["example.org /", "example.org /a", "example.org /a/", "example.org /a/b"],
          ].join("\n"),
        ),
      },
    ],
    ["no parent of an address", { given: placesOf({}, "/a", "127.0.0.1:80"), want: [" /a"] }],
    ["no parent of an address of version 6", { given: placesOf({}, "/", "[::1]:80"), want: [] }],
    ["no domain of one part", { given: placesOf({}, "/", "localhost"), want: [] }],
    [
      "not where it is set",
      {
        given: placesOf({ domain: "Example.org", path: "/a" }, "/", "example.org"),
        want: [" /a", " /", "example.org /"],
      },
    ],
    [
      "nothing of what is no host",
      { given: placesOf({}, "/", "a b.org", "x;y.org", undefined, ""), want: [] },
    ],
    [
      "nothing of a path from what no cookie can say",
      { given: placesOf({}, "/a/b;c/d"), want: [" /a", " /a/"] },
    ],
    [
      "one, the other partition, with the prefix",
      { given: placesOf({ name: "__Host-s", secure: true }, "/a", "example.org"), want: [" / partitioned"] },
    ],
    [
      "one, the common partition, with the prefix",
      { given: placesOf({ name: "__Host-s", secure: true, partitioned: true }, "/a"), want: [" /"] },
    ],
  ])("are %s", (_name, { given, want }) => {
    expect(given).toEqual(want);
  });

  it("are no more than 40, whatever the request", () => {
    const host = `${"a.".repeat(100)}example.org`;
    for (const url of ["/a".repeat(4000), `/${"a".repeat(8000)}`, "/".repeat(8000)])
      expect(placesOf({ domain: "example.org", path: "/app" }, url, host, `x.${host}`).length).toBeLessThan(
        50,
      );
  });
});

it("clears with the attributes that the cookie has, since browsers refuse others", () => {
  const cookie = resolveCookie({ name: "__Secure-s", sameSite: "none", partitioned: true });
  const destination: Destination = { url: "/a", hosts: ["www.example.org"] };
  expect(clearedElsewhere(cookie, cookie.name, destination)).toContain(
    "__Secure-s=; Max-Age=0; Domain=example.org; Path=/a; HttpOnly; Secure; Partitioned; SameSite=None",
  );
});
