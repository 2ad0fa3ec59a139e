// Takes the place of `node:crypto` where there is none, such as in Next.js's Edge runtime: what the
// runtime uses of it, with the same results. Of noble, which was audited; WebCrypto would make
// everything asynchronous, session fields included.
import { gcm } from "@noble/ciphers/aes.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

const digests = { sha256, sha384, sha512 } as const;
type Digest = keyof typeof digests;
type Data = string | Uint8Array;

function bytesOf(data: Data): Uint8Array {
  return typeof data === "string" ? Buffer.from(data, "utf8") : data;
}

/** What is fed bit by bit and gives a digest at the end. */
class Hash {
  readonly #state: { update(data: Uint8Array): unknown; digest(): Uint8Array };

  constructor(state: { update(data: Uint8Array): unknown; digest(): Uint8Array }) {
    this.#state = state;
  }

  update(data: Data): this {
    this.#state.update(bytesOf(data));
    return this;
  }

  digest(): Buffer;
  digest(encoding: BufferEncoding): string;
  digest(encoding?: BufferEncoding): Buffer | string {
    const bytes = Buffer.from(this.#state.digest());
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }
}

export function createHash(digest: Digest): Hash {
  return new Hash(digests[digest].create());
}

export function createHmac(digest: Digest, key: Data): Hash {
  return new Hash(hmac.create(digests[digest], bytesOf(key)));
}

export function hash(digest: Digest, data: Data, encoding: BufferEncoding): string {
  return createHash(digest).update(data).digest(encoding);
}

export function hkdfSync(digest: Digest, secret: Data, salt: Data, info: Data, length: number): ArrayBuffer {
  const derived = hkdf(digests[digest], bytesOf(secret), bytesOf(salt), bytesOf(info), length);
  return new Uint8Array(derived).buffer;
}

export function randomBytes(length: number): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(length)));
}

export function timingSafeEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.byteLength !== other.byteLength)
    throw new RangeError("Input buffers must have the same byte length");
  let difference = 0;
  for (let index = 0; index < one.byteLength; index += 1)
    difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}

const TAG = 16;

/** One message, of which the last part comes with `final`. */
class Gcm {
  protected readonly parts: Uint8Array[] = [];
  protected bound: Uint8Array = new Uint8Array();
  protected tag: Uint8Array = new Uint8Array();
  readonly #key: Uint8Array;
  readonly #nonce: Uint8Array;

  constructor(key: Uint8Array, nonce: Uint8Array) {
    this.#key = key;
    this.#nonce = nonce;
  }

  setAAD(bound: Uint8Array): this {
    this.bound = bound;
    return this;
  }

  update(part: Uint8Array): Buffer {
    this.parts.push(part);
    return Buffer.alloc(0);
  }

  protected get cipher(): { encrypt(data: Uint8Array): Uint8Array; decrypt(data: Uint8Array): Uint8Array } {
    return gcm(this.#key, this.#nonce, this.bound);
  }
}

class Cipher extends Gcm {
  final(): Buffer {
    const sealed = this.cipher.encrypt(Buffer.concat(this.parts));
    this.tag = sealed.subarray(-TAG);
    return Buffer.from(sealed.subarray(0, -TAG));
  }

  getAuthTag(): Buffer {
    return Buffer.from(this.tag);
  }
}

class Decipher extends Gcm {
  setAuthTag(tag: Uint8Array): this {
    this.tag = tag;
    return this;
  }

  /** @throws Error where a bit was changed */
  final(): Buffer {
    return Buffer.from(this.cipher.decrypt(Buffer.concat([...this.parts, this.tag])));
  }
}

export function createCipheriv(_algorithm: "aes-256-gcm", key: Uint8Array, nonce: Uint8Array): Cipher {
  return new Cipher(key, nonce);
}

export function createDecipheriv(_algorithm: "aes-256-gcm", key: Uint8Array, nonce: Uint8Array): Decipher {
  return new Decipher(key, nonce);
}
