import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { SessionError } from "../errors.js";
import { Keyring } from "./keyring.js";

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
const MAC = 32;
/** The first byte of what is signed; of what is sealed, it is the keyring's. */
const SIGNED = 2;

/**
 * Protects what a cookie carries, and binds it to the cookie's name. The first secret protects, every one of them opens.
 *
 * - `sealed`: encrypted and authenticated, by {@link Keyring}
 * - `signed`: `[2][content][HMAC-SHA-256: 32]`; whoever has the cookie can read it.
 *
 * Content is `[id: 32][expiry: float64][payload]`.
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

  /** @param name - the cookie's */
  seal(name: string, { id, expiresAt, payload }: Carried): string {
    const content = Buffer.allocUnsafe(HEADER + payload.byteLength);
    content.set(id);
    content.writeDoubleBE(expiresAt, ID_BYTES);
    content.set(payload, HEADER);
    const [secret = ""] = this.#secrets;
    const bytes =
      this.#mode === "sealed" ? this.#keyring.seal(content, name) : authenticate(secret, name, content);
    return bytes.toString("base64url");
  }

  /** Never throws, whatever the text. */
  open(name: string, text: string): Opened {
    const bytes = Buffer.from(text, "base64url");
    const signed = bytes[0] === SIGNED;
    const opened = signed ? this.#verified(name, bytes) : this.#keyring.open(bytes, name);
    if (opened === undefined || opened.content.length < HEADER) return undefined;
    const { content } = opened;
    return {
      stale: opened.stale || signed !== (this.#mode === "signed"),
      carried: {
        id: content.subarray(0, ID_BYTES),
        expiresAt: content.readDoubleBE(ID_BYTES),
        payload: content.subarray(HEADER),
      },
    };
  }

  /** With every secret, so that time tells nothing about which of them it was. */
  #verified(name: string, bytes: Buffer): { readonly content: Buffer; readonly stale: boolean } | undefined {
    if (bytes.length < 1 + MAC) return undefined;
    const signed = bytes.subarray(0, -MAC);
    const valid = this.#secrets.map((secret) =>
      timingSafeEqual(mac(secret, name, signed), bytes.subarray(-MAC)),
    );
    const index = valid.indexOf(true);
    return index === -1 ? undefined : { content: signed.subarray(1), stale: index > 0 };
  }
}

function authenticate(secret: string, name: string, content: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.of(SIGNED), content]);
  return Buffer.concat([bytes, mac(secret, name, bytes)]);
}

function mac(secret: string, name: string, bytes: Uint8Array): Buffer {
  const key = hkdfSync("sha256", secret, "", "sessgen cookie signature", 32);
  return createHmac("sha256", Buffer.from(key)).update(`${name}\0`).update(bytes).digest();
}
