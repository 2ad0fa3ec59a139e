import type { FieldDefinition, SessionDefinition } from "../../codec/definition.js";
import { isSealed, sealedContent } from "../../codec/packed/sealed.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { Identity } from "../../crypto/identity.js";
import { Keyring } from "../../crypto/keyring.js";
import { type Secrets, secretsOf } from "../../crypto/secrets.js";
import { SessionError } from "../../errors.js";
import { carry, carryPlain, isCarried, SealedFields } from "./sealed-fields.js";

/** How sessions are encrypted in the store. */
export interface EncryptionOptions {
  /**
   * At least one, of at least 32 random characters each. The first encrypts, all decrypt. To
   * rotate, deploy the new one behind the others, and once it is everywhere, in front: no version
   * then meets what it cannot read.
   */
  readonly secrets: Secrets;
  /** Encrypt whole sessions, not only the fields marked `encrypt`. Default false. */
  readonly payload?: boolean;
  /**
   * Read what is not encrypted, too: for as long as sessions from before are about. Meanwhile
   * whoever can write to the store can put plain values in place of encrypted ones.
   */
  readonly acceptPlain?: boolean;
}

/** What encrypts sessions: made by {@link encryptWith}. */
export interface SessionEncryption {
  /**
   * Gives the secrets, checked.
   * @throws SessionError `env/missing`, `encryption/no-secret`, `encryption/weak-secret`
   */
  secrets(): readonly string[];
  /**
   * Makes what encrypts the sessions of an application.
   * @throws SessionError as {@link secrets}
   */
  of(fields: SessionDefinition, identity: Identity): Encryption;
}

/**
 * Makes what encrypts sessions in the store. Applications that encrypt nothing do not bundle it.
 */
export function encryptWith(options: EncryptionOptions): SessionEncryption {
  return {
    secrets: () => encryptionSecrets(options),
    of: (fields, identity) => new Encryption(options, fields, identity),
  };
}

/**
 * Checks the secrets.
 * @throws SessionError `encryption/no-secret`, `encryption/weak-secret`
 */
function encryptionSecrets({ secrets }: EncryptionOptions): readonly string[] {
  const list = secretsOf(secrets);
  if (list.length === 0) {
    throw new SessionError("encryption/no-secret", "The encryption's list of secrets is empty");
  }
  if (list.some((secret) => secret.length < 32)) {
    throw new SessionError(
      "encryption/weak-secret",
      "A secret of the encryption is shorter than 32 characters",
    );
  }
  return list;
}

/**
 * Encrypts fields and payloads with AES-256-GCM, bound to the application and to the key that the
 * session is stored under: a row that is copied to another key cannot be read there. Everything is
 * encrypted anew with each write.
 */
export class Encryption {
  /** The fields that stand in a document as they are. */
  readonly plainFields: SessionDefinition;
  readonly #fields: ReadonlyMap<number, FieldDefinition>;
  readonly #keyring: Keyring;
  readonly #sealed: SealedFields;
  readonly #payload: boolean;
  readonly #acceptPlain: boolean;

  /** @throws SessionError `encryption/no-secret`, `encryption/weak-secret` */
  constructor(options: EncryptionOptions, fields: SessionDefinition, identity: Identity) {
    const { payload = false, acceptPlain = false } = options;
    this.#keyring = new Keyring(`session ${identity.text}`, encryptionSecrets(options));
    this.#sealed = new SealedFields(this.#keyring);
    this.#fields = new Map(
      fields.flatMap((field) => [field, ...(field.former ?? [])].map(({ slot }) => [slot, field] as const)),
    );
    this.plainFields = fields.filter(({ encrypt }) => !encrypt);
    this.#payload = payload;
    this.#acceptPlain = acceptPlain;
  }

  /** Encrypts the fields that are to be, and puts back what could not be decrypted. */
  sealFields(record: SessionRecord, key: string): SessionRecord {
    let fields: Map<number, Uint8Array> | undefined;
    for (const [slot, packed] of record.fields) {
      const carried = isCarried(packed);
      if (!carried && !this.#fields.get(slot)?.encrypt) continue;
      fields ??= new Map(record.fields);
      const sealed = carried ? this.#sealed.store(packed, key, slot) : this.#sealed.seal(packed, key, slot);
      fields.set(slot, sealed);
    }
    return fields === undefined ? record : { ...record, fields };
  }

  /**
   * Decrypts what is encrypted, whether it still is to be or not. What cannot be is unreadable to
   * whoever asks for the field; so is what should be encrypted and is not. Slots that the schema
   * does not know stay closed.
   */
  openFields(record: SessionRecord, key: string): SessionRecord {
    let fields: Map<number, Uint8Array> | undefined;
    for (const [slot, packed] of record.fields) {
      const field = this.#fields.get(slot);
      const opened = isSealed(packed)
        ? this.#open(sealedContent(packed), key, slot, field)
        : field?.encrypt && !this.#acceptPlain
          ? carryPlain(packed)
          : undefined;
      if (opened === undefined) continue;
      fields ??= new Map(record.fields);
      fields.set(slot, opened);
    }
    return fields === undefined ? record : { ...record, fields };
  }

  /** Encrypts a whole payload where the options say so. */
  sealPayload(payload: Uint8Array, key: string): Uint8Array {
    return this.#payload ? this.#keyring.seal(payload, key) : payload;
  }

  /**
   * Decrypts a payload that is encrypted as a whole.
   * @throws UnreadableValue when it cannot be decrypted, or should be encrypted and is not
   */
  openPayload(payload: Uint8Array, key: string): Uint8Array {
    const opened = this.#keyring.open(payload, key);
    if (opened !== undefined) return opened.content;
    if (this.#payload && !this.#acceptPlain) throw new UnreadableValue("an encrypted session");
    return payload;
  }

  /**
   * Gives the positions of the secrets that open a payload as a whole; `undefined` where it is not
   * encrypted as such.
   */
  payloadPosition(payload: Uint8Array, key: string): number | undefined {
    return this.#keyring.open(payload, key)?.position;
  }

  /**
   * Tells whether a payload was encrypted as a whole, with whichever secret: no format begins like
   * that.
   */
  isWhole(payload: Uint8Array): boolean {
    return Keyring.isSealed(payload);
  }

  /**
   * Gives the positions of the secrets that an encrypted value takes; `undefined` where one of them
   * is missing.
   */
  fieldPositions(packed: Uint8Array, key: string, slot: number): readonly number[] | undefined {
    const found = this.#sealed.open(sealedContent(packed), key, slot);
    return "value" in found ? found.positions : undefined;
  }

  /**
   * Decrypts the value of a slot, whichever field it is of; `undefined` where a secret is missing.
   */
  openValue(packed: Uint8Array, key: string, slot: number): Uint8Array | undefined {
    const found = this.#sealed.open(sealedContent(packed), key, slot);
    return "value" in found ? found.value : undefined;
  }

  /** Encrypts the value of a slot, whichever field it is of. */
  sealValue(value: Uint8Array, key: string, slot: number): Uint8Array {
    return this.#sealed.seal(value, key, slot);
  }

  /** Tells whether whole payloads are encrypted when they are written. */
  get sealsPayloads(): boolean {
    return this.#payload;
  }

  /** Tells whether what should be encrypted and is not is read all the same. */
  get acceptsPlain(): boolean {
    return this.#acceptPlain;
  }

  #open(sealed: Uint8Array, key: string, slot: number, field: FieldDefinition | undefined): Uint8Array {
    // Whoever does not know the field does not know either whether it is to be encrypted.
    if (field === undefined) return carry(key, sealed);
    const found = this.#sealed.open(sealed, key, slot);
    return "value" in found ? found.value : carry(found.key, found.sealed);
  }
}
