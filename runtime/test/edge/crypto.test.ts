import * as node from "node:crypto";
import { isIP as nodeIsIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as edge from "../../edge/crypto.js";
import { isIP } from "../../edge/net.js";

const bytes = (minLength = 0, maxLength = 200) => fc.uint8Array({ minLength, maxLength });
const digest = fc.constantFrom("sha256" as const, "sha384" as const, "sha512" as const);

describe("what takes the place of node:crypto gives what it gives", () => {
  it("hashes", () => {
    fc.assert(
      fc.property(digest, bytes(), fc.string(), (algorithm, data, text) => {
        expect(edge.createHash(algorithm).update(data).update(text).digest("base64url")).toBe(
          node.createHash(algorithm).update(data).update(text).digest("base64url"),
        );
        expect(edge.hash(algorithm, text, "base64url")).toBe(node.hash(algorithm, text, "base64url"));
      }),
    );
  });

  it("authentication codes, and keys that are derived", () => {
    fc.assert(
      fc.property(digest, fc.string(), bytes(), fc.string(), (algorithm, secret, data, info) => {
        expect(edge.createHmac(algorithm, secret).update(data).digest()).toEqual(
          node.createHmac(algorithm, secret).update(data).digest(),
        );
        expect(Buffer.from(edge.hkdfSync(algorithm, secret, data, info, 44))).toEqual(
          Buffer.from(node.hkdfSync(algorithm, secret, data, info, 44)),
        );
      }),
    );
  });

  it("what is sealed by one opens with the other, and with neither once a bit is another", () => {
    fc.assert(
      fc.property(
        bytes(32, 32),
        bytes(12, 12),
        bytes(),
        bytes(),
        fc.nat(),
        (key, nonce, bound, content, at) => {
          for (const [one, other] of [
            [edge, node],
            [node, edge],
          ] as unknown as (readonly [typeof node, typeof node])[]) {
            const cipher = one.createCipheriv("aes-256-gcm", key, nonce).setAAD(bound);
            const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
            const tag = cipher.getAuthTag();
            const open = (data: Buffer, mac: Buffer) => {
              const decipher = other.createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: 16 });
              decipher.setAAD(bound).setAuthTag(mac);
              return Buffer.concat([decipher.update(data), decipher.final()]);
            };
            expect(open(sealed, tag)).toEqual(Buffer.from(content));
            const wrong = Buffer.from(tag);
            wrong[at % 16] = (wrong[at % 16] ?? 0) ^ (1 << (at % 8));
            expect(() => open(sealed, wrong)).toThrow();
          }
        },
      ),
    );
  });

  it("comparison, and random bytes", () => {
    expect(edge.timingSafeEqual(Buffer.from("same"), Buffer.from("same"))).toBe(true);
    expect(edge.timingSafeEqual(Buffer.from("same"), Buffer.from("sane"))).toBe(false);
    expect(() => edge.timingSafeEqual(Buffer.from("a"), Buffer.from("ab"))).toThrow(RangeError);
    expect(edge.randomBytes(32)).toHaveLength(32);
    expect(edge.randomBytes(32)).not.toEqual(edge.randomBytes(32));
  });
});

it("what takes the place of node:net knows addresses", () => {
  const given = [
    "1.2.3.4",
    "255.255.255.255",
    "256.1.1.1",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.4.",
    "01.2.3.4",
    "::1",
    "fe80::1%eth0",
  ];
  for (const text of [
    ...given,
    "2001:db8::",
    ":::",
    "::ffff:1.2.3.4",
    "1::2::3",
    "localhost",
    "",
    ":",
    "[::1]",
  ])
    expect([text, isIP(text)]).toEqual([text, nodeIsIP(text)]);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      expect([text, isIP(text)]).toEqual([text, nodeIsIP(text)]);
    }),
  );
});
