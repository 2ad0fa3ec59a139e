import { childPath } from "../../checks/child-path.js";
import type { FieldDefinition } from "../../codec/definition.js";
import { TracingReader } from "../../codec/packed/tracing-reader.js";
import { formatOf } from "../../codec/record/codec.js";
import { decodePacked } from "../../codec/record/packed.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { SessionContext } from "../context/options.js";
import { jsonErrorAt } from "./json-error.js";
import { isCarried } from "./sealed-fields.js";
import { decodeStored, unpackStored } from "./stored-record.js";
import { isMember } from "./unread-members.js";
import { thrownBy, whyUnread } from "./why-unread.js";

/** Why something stored cannot be read, and where; nothing of it is quoted. */
export interface Unreadability {
  /** What should have been there, e.g. `a string`. */
  readonly expected: string;
  /**
   * Of a field in a document: where, e.g. `cart[2].quantity`; of one that is marked `redact` its
   * name alone.
   */
  readonly path?: string;
  /** The byte at which that should begin. */
  readonly byte?: number;
  /**
   * What bytes are counted in: the payload as it is stored, what is left of it once it is
   * decrypted and inflated, or the value of the field alone.
   */
  readonly within?: "payload" | "opened" | "value";
}

/** Says why the value of a field cannot be read; `undefined`: it can be. */
export function whyField(
  field: FieldDefinition,
  packed: Uint8Array,
  payload: Uint8Array,
): Unreadability | undefined {
  const why = whyUnread(field, packed);
  if (why === undefined) return undefined;
  const { expected = why.message, path = [] } = why;
  // No bytes of the format's.
  if (isMember(packed) || isCarried(packed))
    return { expected, ...(path.length > 0 && { path: pathOf(field, path) }) };
  const reader = new TracingReader(packed);
  thrownBy(field, reader);
  const byte = reader.begun;
  // A view, unless something was decrypted, or came as text.
  const start = packed.buffer === payload.buffer ? packed.byteOffset - payload.byteOffset : -1;
  const isWithin = start >= 0 && start + packed.length <= payload.length;
  return { expected, byte: isWithin ? start + byte : byte, within: isWithin ? "payload" : "value" };
}

/** Says why a payload cannot be decoded as a whole. */
export function whyPayload(context: SessionContext, key: string, payload: Uint8Array): Unreadability {
  let opened = payload;
  try {
    opened = unpackStored(context, payload, key);
    decodeStored(context, payload, key);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    const byte = byteIn(opened);
    const { expected = error.message } = error;
    if (byte === undefined) return { expected };
    return { expected, byte, within: opened === payload ? "payload" : "opened" };
  }
  return { expected: "a session" };
}

/** At which byte reading ends; `undefined` where it does not, or nobody can tell. */
function byteIn(bytes: Uint8Array): number | undefined {
  const format = formatOf(bytes);
  if (format === "json") return jsonErrorAt(bytes);
  if (format !== "packed" && format !== "msgpack") return undefined;
  const reader = new TracingReader(bytes);
  try {
    if (format === "packed") decodePacked(bytes, undefined, reader);
    else {
      reader.value();
      reader.end();
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return reader.begun;
  }
}

/**
 * Keys within a value may say as much as the value: of what is redacted, nobody gets to see them.
 */
function pathOf({ name, redact }: FieldDefinition, path: readonly (string | number)[]): string {
  const [first = name, ...rest] = path;
  if (redact) return name;
  return rest.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : childPath(text, step)),
    String(first),
  );
}
