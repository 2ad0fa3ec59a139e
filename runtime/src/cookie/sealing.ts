import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { SessionError } from "../errors.js";

/** How a session that travels in the cookie itself is protected. */
export type SealingMode = "sealed" | "signed";

/** A session as it travels. */
export interface Carried {
  /** 32 bytes. */
  readonly id: Buffer;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  readonly payload: Uint8Array;
}

/** What {@link Sealing.open} found; `stale`: made with a secret that is being rotated out, or in another mode. */
export type Opened = { readonly carried: Carried; readonly stale: boolean } | undefined;

const ID_BYTES = 32;
const HEADER = ID_BYTES + 8;
const SALT = 16;
const TAG = 16;
const MAC = 32;
const SEALED = 1;
const SIGNED = 2;

/**
 * Protects what a cookie carries, and binds it to the cookie's name. The first secret protects, every one of them opens.
 *
 * - `sealed`: `[1][salt: 16][AES-256-GCM of content][tag: 16]`. Key and nonce come from the secret and the random salt by HKDF
 *   (RFC 5869), so that one secret may seal any number of cookies: NIST SP 800-38D allows one key 2^32 random nonces.
 * - `signed`: `[2][content][HMAC-SHA-256: 32]`; whoever has the cookie can read it.
 *
 * Content is `[id: 32][expiry: float64][payload]`.
 */
export class Sealing {
  readonly #mode: SealingMode;
  readonly #secrets: readonly string[];

  /** @throws SessionError `cookie/weak-secret` */
  constructor(mode: SealingMode, secrets: readonly string[]) {
    if (secrets.length === 0 || secrets.some((secret) => secret.length < 32)) {
      throw new SessionError(
        "cookie/weak-secret",
        "A secret of the cookie store is shorter than 32 characters",
      );
    }
    this.#mode = mode;
    this.#secrets = secrets;
  }

  /** @param name - the cookie's */
  seal(name: string, { id, expiresAt, payload }: Carried): string {
    const content = Buffer.allocUnsafe(HEADER + payload.byteLength);
    content.set(id);
    content.writeDoubleBE(expiresAt, ID_BYTES);
    content.set(payload, HEADER);
    const [secret = ""] = this.#secrets;
    const bytes =
      this.#mode === "sealed" ? encrypt(secret, name, content) : authenticate(secret, name, content);
    return bytes.toString("base64url");
  }

  /** Never throws, whatever the text. */
  open(name: string, text: string): Opened {
    const bytes = Buffer.from(text, "base64url");
    const [layout] = bytes;
    for (const [index, secret] of this.#secrets.entries()) {
      const content = layout === SEALED ? decrypt(secret, name, bytes) : verified(secret, name, bytes);
      if (content === undefined || content.length < HEADER) continue;
      const stale = index > 0 || (layout === SEALED) !== (this.#mode === "sealed");
      return {
        stale,
        carried: {
          id: content.subarray(0, ID_BYTES),
          expiresAt: content.readDoubleBE(ID_BYTES),
          payload: content.subarray(HEADER),
        },
      };
    }
    return undefined;
  }
}

function keyOf(secret: string, salt: Uint8Array, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, `sessgen cookie ${purpose}`, length));
}

function encrypt(secret: string, name: string, content: Uint8Array): Buffer {
  const salt = randomBytes(SALT);
  const key = keyOf(secret, salt, "seal", 44);
  const cipher = createCipheriv("aes-256-gcm", key.subarray(0, 32), key.subarray(32));
  cipher.setAAD(Buffer.from(name));
  return Buffer.concat([
    Buffer.of(SEALED),
    salt,
    cipher.update(content),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

function decrypt(secret: string, name: string, bytes: Buffer): Buffer | undefined {
  if (bytes.length < 1 + SALT + TAG) return undefined;
  const key = keyOf(secret, bytes.subarray(1, 1 + SALT), "seal", 44);
  const decipher = createDecipheriv("aes-256-gcm", key.subarray(0, 32), key.subarray(32), {
    authTagLength: TAG,
  });
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(bytes.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + SALT, -TAG)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function authenticate(secret: string, name: string, content: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.of(SIGNED), content]);
  return Buffer.concat([bytes, mac(secret, name, bytes)]);
}

function verified(secret: string, name: string, bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== SIGNED || bytes.length < 1 + MAC) return undefined;
  const signed = bytes.subarray(0, -MAC);
  return timingSafeEqual(mac(secret, name, signed), bytes.subarray(-MAC)) ? signed.subarray(1) : undefined;
}

function mac(secret: string, name: string, bytes: Uint8Array): Buffer {
  const key = keyOf(secret, Buffer.alloc(0), "sign", 32);
  return createHmac("sha256", key).update(`${name}\0`).update(bytes).digest();
}
