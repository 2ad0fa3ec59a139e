import { createHmac, timingSafeEqual } from "node:crypto";

/** The first secret signs; every one of them verifies. To rotate, put the new secret in front. */
export type Secrets = readonly [string, ...string[]];

/**
 * HMAC-SHA-256 (RFC 2104) over the cookie's name and value: a signature does not fit a cookie of another name.
 * 43 characters of base64url.
 */
export function sign(secret: string, name: string, value: string): string {
  return createHmac("sha256", secret).update(`${name}=${value}`).digest("base64url");
}

/** What {@link verify} found. `stale`: valid, but made with a secret that is being rotated out. */
export type Verification = "valid" | "stale" | "invalid";

/** Compares in constant time, with every secret, so that time tells nothing about the signature. */
export function verify(secrets: Secrets, name: string, value: string, signature: string): Verification {
  const given = Buffer.from(signature);
  let result: Verification = "invalid";
  for (const [index, secret] of secrets.entries()) {
    const expected = Buffer.from(sign(secret, name, value));
    if (given.length === expected.length && timingSafeEqual(given, expected) && result === "invalid") {
      result = index === 0 ? "valid" : "stale";
    }
  }
  return result;
}
