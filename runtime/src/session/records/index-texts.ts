import { createHmac, hash, hkdfSync } from "node:crypto";
import type { FieldIndex, IndexedValue } from "../../codec/definition.js";
import type { Identity } from "../../crypto/identity.js";

/**
 * Makes the text that the store finds a session by out of an indexed value. Of an index that is
 * `hashed` it is a hash bound to the application and the index: an HMAC where there are secrets, so
 * that nobody who reads the store can try values out.
 */
export class IndexTexts {
  readonly #identity: Identity;
  readonly #keys: readonly Buffer[];

  /**
   * @param secrets - of the encryption, then those that sign tokens; the first is what is written
   *   with
   */
  constructor(identity: Identity, secrets: readonly string[]) {
    this.#identity = identity;
    this.#keys = secrets.map((secret) =>
      Buffer.from(hkdfSync("sha256", secret, identity.text, "sessgen index", 32)),
    );
  }

  /** Gives what is written for a value. */
  textOf(index: FieldIndex, value: IndexedValue): string {
    const text = plainText(value);
    return index.hashed ? this.#hash(this.#keys[0], index, text) : text;
  }

  /**
   * Gives what may have been written for it: with every secret that is still there, and from before
   * there was one.
   */
  textsOf(index: FieldIndex, value: IndexedValue): readonly string[] {
    const text = plainText(value);
    return index.hashed ? [...this.#keys, undefined].map((key) => this.#hash(key, index, text)) : [text];
  }

  #hash(key: Buffer | undefined, { name }: FieldIndex, text: string): string {
    const bound = `${this.#identity.text}\0${name}\0${text}`;
    return key === undefined
      ? hash("sha256", bound, "base64url")
      : createHmac("sha256", key).update(bound).digest("base64url");
  }
}

function plainText(value: IndexedValue): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
