import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** A hash that signatures can be made with. */
export type Digest = "sha256" | "sha384" | "sha512";

/**
 * What {@link Signer.verify} found. `stale`: valid, but made with a secret that is being rotated
 * out.
 */
export type Verification = "valid" | "stale" | "invalid";

/**
 * Signs with HMAC (RFC 2104) over whose it is, a name and a value: a signature fits no other
 * application, and no cookie of another name.
 */
export class Signer {
  readonly #identities: readonly [string, ...string[]];
  readonly #digest: Digest;
  readonly #keys: readonly [Key, ...Key[]];

  /**
   * @param identities - whose sessions the signed tokens are of, and whose they were before: the
   *   first signs, all verify
   * @param secrets - the first signs, every one of them verifies; to rotate, put a new one behind,
   *   deploy everywhere, then put it in front
   * @param digest - default `sha256`
   * @param salt - keys are derived from the secrets with it by HKDF (RFC 5869); without it a secret
   *   is its own key
   */
  constructor(
    identities: string | readonly [string, ...string[]],
    secrets: readonly [string, ...string[]],
    digest: Digest = "sha256",
    salt?: string,
  ) {
    const keyOf = (secret: string): Key =>
      salt === undefined
        ? secret
        : Buffer.from(hkdfSync(digest, secret, salt, "sessgen signature", bytesOf[digest]));
    const [first, ...others] = secrets;
    this.#identities = typeof identities === "string" ? [identities] : identities;
    this.#digest = digest;
    this.#keys = [keyOf(first), ...others.map(keyOf)];
  }

  /** Makes the signature in base64url: 43 characters with SHA-256. */
  sign(name: string, value: string): string {
    return this.#mac(this.#identities[0], this.#keys[0], `${name}=${value}`);
  }

  /** Compares in constant time, with every key, so that time tells nothing about the signature. */
  verify(name: string, value: string, signature: string): Verification {
    const given = Buffer.from(signature);
    let result: Verification = "invalid";
    for (const [whose, identity] of this.#identities.entries()) {
      for (const [index, key] of this.#keys.entries()) {
        const expected = Buffer.from(this.#mac(identity, key, `${name}=${value}`));
        if (given.length === expected.length && timingSafeEqual(given, expected) && result === "invalid")
          result = whose === 0 && index === 0 ? "valid" : "stale";
      }
    }
    return result;
  }

  #mac(identity: string, key: Key, signed: string): string {
    return createHmac(this.#digest, key).update(`${identity} ${signed}`).digest("base64url");
  }
}

type Key = string | Buffer;

const bytesOf = { sha256: 32, sha384: 48, sha512: 64 } as const;
