import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

const LAYOUT = 1;
const KEY_ID = 4;
const SALT = 16;
const TAG = 16;
const HEADER = 1 + KEY_ID + SALT;

/**
 * What {@link Keyring.open} found; `position`: of the secret it was sealed with. All but the first
 * are being rotated out, or in.
 */
export type Opened = { readonly content: Buffer; readonly position: number } | undefined;

/**
 * Encrypts with AES-256-GCM. The first secret seals, every one of them opens; to rotate, put a new
 * one behind, deploy everywhere, then in front.
 *
 * `[1][key id: 4][salt: 16][ciphertext][tag: 16]`: key and nonce come from the secret and the
 * random salt by HKDF (RFC 5869), so that one secret may seal any number of messages; NIST SP
 * 800-38D allows one key 2^32 random nonces.
 */
export class Keyring {
  readonly #purpose: string;
  readonly #secrets: readonly { readonly id: Buffer; readonly secret: string }[];

  /**
   * @param purpose - what is sealed for one purpose cannot be opened for another
   * @param secrets - at least one
   */
  constructor(purpose: string, secrets: readonly string[]) {
    this.#purpose = purpose;
    this.#secrets = secrets.map((secret) => ({
      secret,
      id: createHmac("sha256", secret).update("sessgen key id").digest().subarray(0, KEY_ID),
    }));
  }

  /** Tells whether the bytes are what a keyring seals, by their first and their number. */
  static isSealed(bytes: Uint8Array): boolean {
    return bytes.byteLength >= HEADER + TAG && bytes[0] === LAYOUT;
  }

  /**
   * Seals bytes.
   * @param bound - where it belongs: it cannot be opened anywhere else
   */
  seal(content: Uint8Array, bound: string): Buffer {
    const [first] = this.#secrets;
    if (first === undefined) throw new RangeError("A keyring needs a secret");
    const salt = randomBytes(SALT);
    const { key, nonce } = this.#derive(first.secret, salt);
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(bound));
    const sealed = [cipher.update(content), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([Buffer.of(LAYOUT), first.id, salt, ...sealed]);
  }

  /**
   * Opens what {@link seal} made; `undefined` for what was changed, sealed with another secret, or
   * bound to another place. Never throws.
   */
  open(sealed: Uint8Array, bound: string): Opened {
    if (!Keyring.isSealed(sealed)) return undefined;
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const id = bytes.subarray(1, 1 + KEY_ID);
    for (const [index, candidate] of this.#secrets.entries()) {
      if (!candidate.id.equals(id)) continue;
      const { key, nonce } = this.#derive(candidate.secret, bytes.subarray(1 + KEY_ID, HEADER));
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG })
        .setAAD(Buffer.from(bound))
        .setAuthTag(bytes.subarray(-TAG));
      try {
        const content = [decipher.update(bytes.subarray(HEADER, -TAG)), decipher.final()];
        return { content: Buffer.concat(content), position: index };
      } catch {
        // Another secret may have the same id by chance.
      }
    }
    return undefined;
  }

  #derive(secret: string, salt: Uint8Array): { readonly key: Buffer; readonly nonce: Buffer } {
    const bytes = Buffer.from(hkdfSync("sha256", secret, salt, `sessgen ${this.#purpose}`, 44));
    return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
  }
}
