/**
 * A session between store and application: what every format decodes to, what changes are compared in, and what
 * concurrent changes are merged as. A field is kept as the packed bytes of its value until somebody reads it.
 */
export interface SessionRecord {
  /** When the session began, in milliseconds since the Unix epoch; the absolute lifetime counts from here. */
  readonly createdAt: number;
  /** The user asked to be remembered: persistent cookie, longer lifetimes. */
  readonly permanent: boolean;
  /** Slot -> packed bytes of the value. Slots that this version of the schema does not know are kept as they are. */
  readonly fields: ReadonlyMap<number, Uint8Array>;
  /** Keys of a json or msgpack payload that this version of the schema does not know, kept as they are. */
  readonly unknown?: Readonly<Record<string, unknown>>;
  /** Slot -> when the value ends, in milliseconds since the Unix epoch. Kept also of fields that have no `ttl` (any more, or yet). */
  readonly ends?: ReadonlyMap<number, number>;
  /** What the session is bound to, by name of the trait. */
  readonly binding?: Readonly<Record<string, string>>;
  /** Parts of the envelope that this version does not know, by name, packed; kept byte for byte. */
  readonly more?: ReadonlyMap<string, Uint8Array>;
}

/** The formats a session can be stored in; all of them can always be read. */
export type Format = "packed" | "msgpack" | "json";

/** A serializer of the user's own. `decode(encode(value))` must give back plain data equal to `value`. */
export interface CustomSerializer {
  /** Encodes plain data: objects, arrays, strings, numbers, booleans, null. */
  encode(value: Readonly<Record<string, unknown>>): Uint8Array;
  /** Decodes what `encode` made; throws on anything else. */
  decode(bytes: Uint8Array): unknown;
}
