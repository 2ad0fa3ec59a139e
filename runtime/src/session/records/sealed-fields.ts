import { packSealed } from "../../codec/packed/sealed.js";
import type { Keyring } from "../../crypto/keyring.js";

/**
 * MessagePack never uses this byte: what begins with it cannot be read, and travels on as it came.
 */
const CARRIED = 0xc1;
/** The first byte of a value that was wrapped; of others it is the keyring's. */
const WRAPPED = 3;
/**
 * The most wrappers around one another. Each stands for a version that had none of the secrets of
 * the one before.
 */
const MAX_DEPTH = 4;

/**
 * What a secret opens; else where the value was encrypted, as far as the secrets lead, and what is
 * left of it.
 */
export type Found =
  | { readonly value: Uint8Array; readonly positions: readonly number[] }
  | { readonly key: string; readonly sealed: Uint8Array; readonly positions: readonly number[] };

/**
 * Encrypts values of fields, each bound to the key that the session is stored under, and to its
 * slot.
 *
 * What cannot be opened for want of a secret is carried along. Under another key it would be lost,
 * since it is bound to the old one: it is wrapped, encrypted anew together with the old key, and
 * whoever has both secrets opens it. `[3][depth][encrypted: key length, key, value]`
 */
export class SealedFields {
  readonly #keyring: Keyring;

  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  /** Encrypts a packed value, as it is stored. */
  seal(value: Uint8Array, key: string, slot: number): Uint8Array {
    return packSealed(this.#keyring.seal(value, boundTo(key, slot)));
  }

  /** Opens what {@link seal} made, or what was wrapped since. */
  open(sealed: Uint8Array, key: string, slot: number): Found {
    if (sealed[0] !== WRAPPED) {
      const opened = this.#keyring.open(sealed, boundTo(key, slot));
      if (opened === undefined) return { key, sealed, positions: [] };
      return { value: opened.content, positions: [opened.position] };
    }
    const depth = sealed[1] ?? 0;
    const opened = this.#keyring.open(sealed.subarray(2), wrappedFor(key, slot, depth));
    if (opened === undefined || depth > MAX_DEPTH) return { key, sealed, positions: [] };
    const { content, position } = opened;
    const end = 1 + (content[0] ?? 0);
    const found = this.open(content.subarray(end), content.toString("latin1", 1, end), slot);
    return { ...found, positions: [position, ...found.positions] };
  }

  /** Puts what was carried as it is stored under a key. */
  store(carried: Uint8Array, key: string, slot: number): Uint8Array {
    const end = 2 + (carried[1] ?? 0);
    const content = carried.subarray(end);
    // Nobody had encrypted it.
    if (end === 2) return content;
    const origin = Buffer.from(carried.subarray(2, end)).toString("latin1");
    if (origin === key) return packSealed(content);
    const found = this.open(content, origin, slot);
    if ("value" in found) return this.seal(found.value, key, slot);
    return this.#wrap(found.key, found.sealed, key, slot);
  }

  #wrap(origin: string, sealed: Uint8Array, key: string, slot: number): Uint8Array {
    if (origin === key) return packSealed(sealed);
    const depth = 1 + (sealed[0] === WRAPPED ? (sealed[1] ?? 0) : 0);
    // Nobody will open it any more; it stays a value that cannot be read.
    if (depth > MAX_DEPTH) return packSealed(sealed);
    const content = Buffer.concat([Buffer.of(origin.length), Buffer.from(origin, "latin1"), sealed]);
    const wrapped = this.#keyring.seal(content, wrappedFor(key, slot, depth));
    return packSealed(Buffer.concat([Buffer.of(WRAPPED, depth), wrapped]));
  }
}

/**
 * Marks a value that nobody can read here, for a record to hold it. It is stored again as it came,
 * or wrapped: see {@link SealedFields.store}.
 */
export function carry(key: string, sealed: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(CARRIED, key.length), Buffer.from(key, "latin1"), sealed]);
}

/** Does the same with a packed value that should be encrypted and is not. */
export function carryPlain(packed: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(CARRIED, 0), packed]);
}

/** Tells whether a record holds a value that nobody can read here. */
export function isCarried(packed: Uint8Array): boolean {
  return packed[0] === CARRIED;
}

function boundTo(key: string, slot: number): string {
  return `${key}:${slot}`;
}

function wrappedFor(key: string, slot: number, depth: number): string {
  return `wrapped ${depth} ${key}:${slot}`;
}
