import { Packr } from "msgpackr";
import { PackedReader } from "../packed/reader.js";
import { escapeText, isWritable } from "../packed/text.js";
import type { MsgpackSerializer } from "../record/record.js";

/**
 * msgpackr as plain MessagePack: no record extension, maps with string keys as objects, and
 * `undefined`, which MessagePack lacks, as msgpackr's documented extension.
 */
const packr = new Packr({
  useRecords: false,
  variableMapSize: true,
  moreTypes: true,
  structuredClone: false,
  // A member of that name is data like any other.
  useToJSON: false,
});

/**
 * Writes sessions as MessagePack documents that other languages read; `serializer` of the options
 * takes it. Half a character is escaped as in the packed format, since UTF-8 has no bytes for it.
 */
export const msgpack: MsgpackSerializer = {
  format: "msgpack",
  // A copy: msgpackr hands out views of a buffer that it goes on using.
  encode: (value) => Uint8Array.from(packr.pack(escaped(value))),
  decode(bytes) {
    const reader = new PackedReader(bytes);
    const value = reader.value();
    reader.end();
    return value;
  },
};

/** The value itself where UTF-8 can hold all its text, which is nearly always. */
function escaped(value: unknown): unknown {
  if (typeof value === "string") return isWritable(value) ? value : escapeText(value);
  if (Array.isArray(value)) {
    const items = value.map(escaped);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  const members = Object.entries(value);
  const changed = members.map(([key, member]) => [escaped(key), escaped(member)] as const);
  const isSame = changed.every(
    ([key, member], index) => key === members[index]?.[0] && member === members[index]?.[1],
  );
  return isSame ? value : Object.fromEntries(changed);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
