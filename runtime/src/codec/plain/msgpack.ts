import { Packr, Unpackr } from "msgpackr";
import type { MsgpackSerializer } from "../record/record.js";
import { UnreadableValue } from "../unreadable.js";

/**
 * msgpackr as plain MessagePack: no record extension, maps with string keys as objects, and what
 * JavaScript has beyond MessagePack (Set, undefined, big integers) as msgpackr's documented
 * extensions. 64-bit integers are read as bigints, since a number may not hold them; who expects a
 * number converts.
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

/**
 * Writes sessions as MessagePack documents that other languages read; `serializer` of the options
 * takes it.
 */
export const msgpack: MsgpackSerializer = {
  format: "msgpack",
  // A copy: msgpackr hands out views of a buffer that it goes on using.
  encode: (value) => Uint8Array.from(packr.pack(value)),
  decode: (bytes) => {
    try {
      return unpackr.unpack(bytes);
    } catch (cause) {
      throw new UnreadableValue("MessagePack", { cause });
    }
  },
};
