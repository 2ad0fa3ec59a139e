import { msgpack } from "../../src/codec/plain/msgpack.js";
import type { Format, Serializer } from "../../src/index.js";

/** What the options take for that format. */
export function serializerOf(format: Format): Serializer {
  return format === "msgpack" ? msgpack : format;
}
