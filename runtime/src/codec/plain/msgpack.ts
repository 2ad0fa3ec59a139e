import { Packr, Unpackr } from "msgpackr";
import { UnreadableValue } from "../unreadable.js";

/**
 * msgpackr as plain MessagePack: no record extension, maps with string keys as objects, and what JavaScript has
 * beyond MessagePack (Set, undefined, big integers) as msgpackr's documented extensions. 64-bit integers are read as
 * bigints, since a number may not hold them; who expects a number converts.
 */
const options = {
  useRecords: false,
  moreTypes: true,
  structuredClone: false,
  int64AsType: "bigint",
  // A member of that name is data like any other.
  useToJSON: false,
} as const;
const packr = new Packr({ ...options, variableMapSize: true });
const unpackr = new Unpackr(options);

/** The bytes as msgpackr takes them for MessagePack's own; of any other Uint8Array it makes an extension that only it reads. */
export function binary(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Encodes any value that MessagePack, with msgpackr's extensions, can hold. */
export function encodeMsgpack(value: unknown): Uint8Array {
  // A copy: msgpackr hands out views of a buffer that it goes on using.
  return Uint8Array.from(packr.pack(value));
}

/**
 * Decodes what {@link encodeMsgpack}, or any other encoder, made.
 * @throws UnreadableValue when the bytes are no MessagePack
 */
export function decodeMsgpack(bytes: Uint8Array): unknown {
  try {
    return unpackr.unpack(bytes);
  } catch (cause) {
    throw new UnreadableValue("MessagePack", { cause });
  }
}
