import type { FieldDefinition, SessionDefinition } from "../../codec/definition.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { packed } from "../../codec/packed/writer.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import { Keyring } from "../../crypto/keyring.js";
import { type Secrets, secretsOf } from "../../crypto/secrets.js";
import { SessionError } from "../../errors.js";

/** How sessions are encrypted in the store. */
export interface EncryptionOptions {
  /** At least 32 random characters each. The first encrypts, all decrypt; to rotate, put a new one in front. */
  readonly secrets: Secrets;
  /** Encrypt whole sessions, not only the fields marked `encrypt`. Default false. */
  readonly payload?: boolean;
  /**
   * Read what is not encrypted, too: for as long as sessions from before are about. Meanwhile whoever can write to the store can put
   * plain values in place of encrypted ones.
   */
  readonly acceptPlain?: boolean;
}

/** MessagePack never uses this byte: what begins with it cannot be read, and travels on as it came. */
const UNREADABLE = 0xc1;

/**
 * Encrypts fields and payloads with AES-256-GCM, bound to the key that the session is stored under: a row that is copied to another
 * key cannot be read there. Everything is encrypted anew with each write.
 */
export class Encryption {
  /** The fields that stand in a document as they are. */
  readonly plainFields: SessionDefinition;
  readonly #fields: readonly FieldDefinition[];
  readonly #keyring: Keyring;
  readonly #payload: boolean;
  readonly #acceptPlain: boolean;

  /** @throws SessionError `encryption/weak-secret` */
  constructor(options: EncryptionOptions, fields: SessionDefinition) {
    const { payload = false, acceptPlain = false } = options;
    const secrets = secretsOf(options.secrets);
    if (secrets.length === 0 || secrets.some((secret) => secret.length < 32)) {
      throw new SessionError(
        "encryption/weak-secret",
        "A secret of the encryption is shorter than 32 characters",
      );
    }
    this.#keyring = new Keyring("session", secrets);
    this.#fields = fields.filter(({ encrypt }) => encrypt);
    this.plainFields = fields.filter(({ encrypt }) => !encrypt);
    this.#payload = payload;
    this.#acceptPlain = acceptPlain;
  }

  /** Encrypts the fields that are to be. */
  sealFields(record: SessionRecord, key: string): SessionRecord {
    if (this.#fields.length === 0) return record;
    const fields = new Map(record.fields);
    for (const { slot } of this.#fields) {
      const packed = fields.get(slot);
      if (packed === undefined) continue;
      fields.set(
        slot,
        packed[0] === UNREADABLE ? packed.subarray(1) : this.#seal(packed, boundTo(key, slot)),
      );
    }
    return { ...record, fields };
  }

  /** Decrypts them; what cannot be is unreadable to whoever asks for the field. */
  openFields(record: SessionRecord, key: string): SessionRecord {
    if (this.#fields.length === 0) return record;
    const fields = new Map(record.fields);
    for (const { slot } of this.#fields) {
      const packed = fields.get(slot);
      if (packed === undefined) continue;
      const sealed = sealedIn(packed);
      const opened = sealed && this.#keyring.open(sealed, boundTo(key, slot));
      if (opened !== undefined) fields.set(slot, opened.content);
      else if (!this.#acceptPlain || sealed !== undefined)
        fields.set(slot, Buffer.concat([Buffer.of(UNREADABLE), packed]));
    }
    return { ...record, fields };
  }

  /** Encrypts a whole payload where the options say so. */
  sealPayload(payload: Uint8Array, key: string): Uint8Array {
    return this.#payload ? this.#keyring.seal(payload, key) : payload;
  }

  /** @throws UnreadableValue when it cannot be decrypted, or should be encrypted and is not */
  openPayload(payload: Uint8Array, key: string): Uint8Array {
    const opened = this.#keyring.open(payload, key);
    if (opened !== undefined) return opened.content;
    if (this.#payload && !this.#acceptPlain) throw new UnreadableValue("an encrypted session");
    return payload;
  }

  #seal(value: Uint8Array, bound: string): Uint8Array {
    return packed((writer) => writer.bytes(this.#keyring.seal(value, bound)));
  }
}

function boundTo(key: string, slot: number): string {
  return `${key}:${slot}`;
}

/** The bytes that a sealed field is stored as. */
function sealedIn(packed: Uint8Array): Uint8Array | undefined {
  try {
    const reader = new PackedReader(packed);
    const bytes = reader.bytes();
    reader.end();
    return bytes;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return undefined;
  }
}
