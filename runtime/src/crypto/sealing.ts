import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { SessionError } from "../errors.js";
import { Keyring } from "./keyring.js";

/** How a session that travels in the cookie itself is protected. */
export type SealingMode = "sealed" | "signed";

/** A session as it travels. */
export interface Carried {
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  readonly payload: Uint8Array;
}

/**
 * What {@link Sealing.open} found; `stale`: made with a secret that is being rotated out, or in
 * another mode.
 */
export type Opened = { readonly carried: Carried; readonly stale: boolean } | undefined;

/**
 * In front of an id that is kept as text, since it is not what base64url makes of its bytes: one of
 * the application's own.
 */
const TEXT = 0x80;
const EXPIRY = 8;
const MAC = 32;
/** The first byte of what is signed; of what is sealed, it is the keyring's. */
const SIGNED = 2;

/**
 * Protects what a cookie carries, and binds it to the cookie's name and to whose sessions it has.
 * The first secret protects, every one of them opens.
 *
 * - `sealed`: encrypted and authenticated, by {@link Keyring}
 * - `signed`: `[2][content][HMAC-SHA-256: 32]`; whoever has the cookie can read it.
 *
 * Content is `[length of the id: 1][id][expiry: float64][payload]`.
 */
export class Sealing {
  readonly #mode: SealingMode;
  readonly #secrets: readonly string[];
  readonly #keyring: Keyring;

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
    this.#keyring = new Keyring("cookie", secrets);
  }

  /**
   * Seals a session.
   * @param bound - the cookie's name, and whose it is
   */
  seal(bound: string, carried: Carried): string {
    const content = contentOf(carried);
    const [secret = ""] = this.#secrets;
    const bytes =
      this.#mode === "sealed" ? this.#keyring.seal(content, bound) : authenticate(secret, bound, content);
    return bytes.toString("base64url");
  }

  /** Opens what {@link seal} made. Never throws, whatever the text. */
  open(bound: string, text: string): Opened {
    const bytes = Buffer.from(text, "base64url");
    const signed = bytes[0] === SIGNED;
    const opened = signed ? this.#verified(bound, bytes) : this.#keyring.open(bytes, bound);
    const carried = opened && carriedIn(opened.content);
    return carried && { carried, stale: opened.position > 0 || signed !== (this.#mode === "signed") };
  }

  /** With every secret, so that time tells nothing about which of them it was. */
  #verified(
    name: string,
    bytes: Buffer,
  ): { readonly content: Buffer; readonly position: number } | undefined {
    if (bytes.length < 1 + MAC) return undefined;
    const signed = bytes.subarray(0, -MAC);
    const valid = this.#secrets.map((secret) =>
      timingSafeEqual(mac(secret, name, signed), bytes.subarray(-MAC)),
    );
    const index = valid.indexOf(true);
    return index === -1 ? undefined : { content: signed.subarray(1), position: index };
  }
}

function contentOf({ id, expiresAt, payload }: Carried): Buffer {
  const bytes = Buffer.from(id, "base64url");
  const isText = bytes.toString("base64url") !== id;
  const kept = isText ? Buffer.from(id, "latin1") : bytes;
  const content = Buffer.alloc(1 + kept.length + EXPIRY + payload.byteLength);
  content[0] = kept.length | (isText ? TEXT : 0);
  content.set(kept, 1);
  content.writeDoubleBE(expiresAt, 1 + kept.length);
  content.set(payload, 1 + kept.length + EXPIRY);
  return content;
}

function carriedIn(content: Buffer): Carried | undefined {
  const first = content[0] ?? 0;
  const end = 1 + (first & ~TEXT);
  if (content.length < end + EXPIRY) return undefined;
  return {
    id: content.subarray(1, end).toString(first & TEXT ? "latin1" : "base64url"),
    expiresAt: content.readDoubleBE(end),
    payload: content.subarray(end + EXPIRY),
  };
}

function authenticate(secret: string, name: string, content: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.of(SIGNED), content]);
  return Buffer.concat([bytes, mac(secret, name, bytes)]);
}

function mac(secret: string, name: string, bytes: Uint8Array): Buffer {
  const key = hkdfSync("sha256", secret, "", "sessgen cookie signature", 32);
  return createHmac("sha256", Buffer.from(key)).update(`${name}\0`).update(bytes).digest();
}
