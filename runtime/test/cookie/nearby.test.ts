import { describe, expect, it } from "vitest";
import { cameFromNearby, cameInPlain, type Origin, type Reach } from "../../src/cookie/nearby.js";

interface Given {
  readonly headers?: Readonly<Record<string, string>>;
  readonly secure?: boolean | undefined;
  readonly address?: string;
  readonly url?: string;
}

function origin({ headers = {}, address, url, ...rest }: Given): Origin {
  const secure = "secure" in rest ? rest.secure : false;
  return { header: (name) => headers[name], secure, address, url };
}

describe("what is nearby", () => {
  it.each<[host: string, want: Reach | "elsewhere"]>([
    ["localhost", "loopback"],
    ["localhost:3000", "loopback"],
    ["LOCALHOST:3000", "loopback"],
    ["shop.localhost", "loopback"],
    ["127.0.0.1:3000", "loopback"],
    ["127.8.9.10", "loopback"],
    ["0.0.0.0:3000", "loopback"],
    ["[::1]:3000", "loopback"],
    ["[::ffff:127.0.0.1]", "loopback"],
    ["10.1.2.3:3000", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.168.1.20:8080", "private"],
    ["169.254.3.4", "private"],
    ["[fd12:3456::1]:3000", "private"],
    ["[fe80::1]", "private"],
    ["[::ffff:192.168.1.1]", "private"],
    ["macbook.local:3000", "private"],
    ["172.15.0.1", "elsewhere"],
    ["172.32.0.1", "elsewhere"],
    ["192.169.0.1", "elsewhere"],
    ["11.0.0.1", "elsewhere"],
    ["[2001:db8::1]", "elsewhere"],
    ["[::ffff:8.8.8.8]", "elsewhere"],
    ["[fec0::1]", "elsewhere"],
    ["shop.example", "elsewhere"],
    // Names that begin or end like one of those.
    ["localhost.shop.example", "elsewhere"],
    ["127.0.0.1.nip.io", "elsewhere"],
    ["10.0.0.1.shop.example", "elsewhere"],
    ["notlocalhost", "elsewhere"],
    ["mylocal", "elsewhere"],
    ["local", "elsewhere"],
    // What is no host.
    ["shop.example@127.0.0.1", "elsewhere"],
    ["127.0.0.1/shop.example", "elsewhere"],
    ["127.0.0.1#shop.example", "elsewhere"],
    ["", "elsewhere"],
    ["[::1", "elsewhere"],
    ["127.0.0.1, shop.example", "elsewhere"],
  ])("%s", (host, want) => {
    const given = origin({ headers: { host } });
    expect(cameFromNearby(given, "loopback")).toBe(want === "loopback");
    expect(cameFromNearby(given, "private")).toBe(want !== "elsewhere");
  });

  const host = "127.0.0.1:3000";
  it.each<[string, { given: Given; want: boolean }]>([
    ["over TLS", { given: { headers: { host }, secure: true }, want: false }],
    ["nobody knows whether over TLS", { given: { headers: { host }, secure: undefined }, want: false }],
    ["a Request's URL says so", { given: { secure: undefined, url: "http://localhost:3000/a" }, want: true }],
    ["the URL is https", { given: { secure: undefined, url: "https://localhost/a" }, want: false }],
    ["from a private address", { given: { headers: { host }, address: "192.168.1.9" }, want: true }],
    ["from IPv6 loopback", { given: { headers: { host }, address: "::1" }, want: true }],
    ["from IPv4 in IPv6", { given: { headers: { host }, address: "::ffff:10.0.0.1" }, want: true }],
    ["from a link local address", { given: { headers: { host }, address: "fe80::1%eth0" }, want: true }],
    ["from an address on the internet", { given: { headers: { host }, address: "8.8.8.8" }, want: false }],
    [
      "from an address on the internet, IPv6",
      { given: { headers: { host }, address: "2001:db8::1" }, want: false },
    ],
    // A proxy that ends TLS, which nobody was told to trust: what it says can only make it stricter.
    [
      "behind a proxy that came by TLS",
      { given: { headers: { host, "x-forwarded-proto": "https" } }, want: false },
    ],
    [
      "behind one that says so another way",
      { given: { headers: { host, forwarded: "for=8.8.8.8;proto=https" } }, want: false },
    ],
    [
      "behind a proxy with another host",
      { given: { headers: { host, "x-forwarded-host": "shop.example" } }, want: false },
    ],
    [
      "behind a proxy for somebody on the internet",
      { given: { headers: { host, "x-forwarded-for": "8.8.8.8" } }, want: false },
    ],
    [
      "behind two proxies, the first of which is on the internet",
      { given: { headers: { host, "x-forwarded-for": "10.0.0.1, 8.8.8.8" } }, want: false },
    ],
    [
      "behind the proxy of a development server",
      {
        given: {
          headers: {
            ...{ host, "x-forwarded-host": "localhost:3000", "x-forwarded-proto": "http" },
            ...{ "x-forwarded-for": "::1" },
          },
          secure: undefined,
        },
        want: true,
      },
    ],
    ["with no host at all", { given: {}, want: false }],
  ])("%s: %o", (_name, { given, want }) => {
    expect(cameFromNearby(origin(given), "private")).toBe(want);
  });

  it("does not take for plain what a proxy says came over TLS", () => {
    expect(cameInPlain(origin({ headers: { "x-forwarded-proto": "https, http" } }))).toBe(false);
    expect(cameInPlain(origin({}))).toBe(true);
  });
});
