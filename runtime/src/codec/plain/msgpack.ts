import { packed } from "../packed/pool.js";
import { PackedReader } from "../packed/reader.js";
import type { MsgpackSerializer } from "../record/record.js";

/**
 * Writes sessions as MessagePack documents that other languages read; `serializer` of the options
 * takes it. Nothing but standard MessagePack and `undefined`, as msgpackr has it; half a character
 * is escaped as in the packed format, since UTF-8 has no bytes for it.
 */
export const msgpack: MsgpackSerializer = {
  format: "msgpack",
  encode: (value) => packed((writer) => writer.value(value)),
  decode(bytes) {
    const reader = new PackedReader(bytes);
    const value = reader.value();
    reader.end();
    return value;
  },
};
