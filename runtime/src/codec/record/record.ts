/**
 * A session between store and application: what every format decodes to, what changes are compared
 * in, and what concurrent changes are merged as. A field is kept as the packed bytes of its value
 * until somebody reads it.
 */
export interface SessionRecord {
  /**
   * When the session began, in milliseconds since the Unix epoch, as {@link roundCreatedAt} has it;
   * the absolute lifetime counts from here.
   */
  readonly createdAt: number;
  /** The user asked to be remembered: persistent cookie, longer lifetimes. */
  readonly permanent: boolean;
  /**
   * Slot -> packed bytes of the value. Slots that this version of the schema does not know are kept
   * as they are.
   */
  readonly fields: ReadonlyMap<number, Uint8Array>;
  /**
   * Keys of a json or msgpack payload that this version of the schema does not know, kept as they
   * are.
   */
  readonly unknown?: Readonly<Record<string, unknown>>;
  /**
   * Slot -> when the value ends, in milliseconds since the Unix epoch. Kept also of fields that
   * have no `ttl` (any more, or yet).
   */
  readonly ends?: ReadonlyMap<number, number>;
  /** What the session is bound to, by name of the trait. */
  readonly binding?: Readonly<Record<string, string>>;
  /** Parts of the envelope that this version does not know, by name, packed; kept byte for byte. */
  readonly more?: ReadonlyMap<string, Uint8Array>;
  /**
   * Random numbers of 32 bits, one of each of the last commits, newest first, at most 4: a commit
   * whose answer was lost finds its own.
   */
  readonly marks?: readonly number[];
  /** The application's epoch under which the session began or was last written: 32 bits. */
  readonly epoch?: number;
  /**
   * No session, but what is left for a while of one that got another id, or was destroyed. Nothing
   * but `createdAt` and `marks` is stored beside it.
   */
  readonly trace?: "moved" | "ended";
  /**
   * Under which history of the lock the slots were given out that came from the store: what is
   * written must say no less. Made and read by `KnownHistory`; nobody else's business.
   */
  readonly historyMark?: Uint8Array;
  /**
   * Encrypted values may hold what was written under another history; `withoutForeign` takes it out
   * once they are decrypted.
   */
  readonly diverged?: true;
}

/**
 * Gives the record with other parts. What spreading makes of records are slow objects, and they are
 * looked at on every path of a write.
 */
export function withParts(record: SessionRecord, parts: Partial<SessionRecord>): SessionRecord {
  const made: { -readonly [Part in keyof SessionRecord]: SessionRecord[Part] } = {
    createdAt: parts.createdAt ?? record.createdAt,
    permanent: parts.permanent ?? record.permanent,
    fields: parts.fields ?? record.fields,
  };
  const historyMark = parts.historyMark ?? record.historyMark;
  const marks = parts.marks ?? record.marks;
  const epoch = parts.epoch ?? record.epoch;
  const unknown = parts.unknown ?? record.unknown;
  const ends = parts.ends ?? record.ends;
  const binding = parts.binding ?? record.binding;
  const more = parts.more ?? record.more;
  const trace = parts.trace ?? record.trace;
  const diverged = parts.diverged ?? record.diverged;
  if (historyMark !== undefined) made.historyMark = historyMark;
  if (marks !== undefined) made.marks = marks;
  if (epoch !== undefined) made.epoch = epoch;
  if (unknown !== undefined) made.unknown = unknown;
  if (ends !== undefined) made.ends = ends;
  if (binding !== undefined) made.binding = binding;
  if (more !== undefined) made.more = more;
  if (trace !== undefined) made.trace = trace;
  if (diverged !== undefined) made.diverged = diverged;
  return made;
}

/**
 * Gives the instant at which a session began, in whole seconds as the packed format keeps it, but
 * still in milliseconds. Not later than given.
 */
export function roundCreatedAt(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}

/** The formats a session can be stored in; all of them can always be read. */
export type Format = "packed" | "msgpack" | "json";

/** What sessions are written in: `msgpack` is the one that `@sessgen/runtime/msgpack` exports. */
export type Serializer = Exclude<Format, "msgpack"> | MsgpackSerializer | CustomSerializer;

/**
 * The format `msgpack`, by a library that only applications load that write it; everybody reads it.
 */
export interface MsgpackSerializer {
  readonly format: "msgpack";
  /** Encodes plain data, bytes and dates. */
  encode(value: unknown): Uint8Array;
  /** Decodes what `encode`, or any other encoder, made; throws on anything else. */
  decode(bytes: Uint8Array): unknown;
}

/**
 * A serializer of the user's own. `decode(encode(value))` must give back plain data equal to
 * `value`.
 */
export interface CustomSerializer {
  /** Encodes plain data: objects, arrays, strings, numbers, booleans, null. */
  encode(value: Readonly<Record<string, unknown>>): Uint8Array;
  /** Decodes what `encode` made; throws on anything else. */
  decode(bytes: Uint8Array): unknown;
}
