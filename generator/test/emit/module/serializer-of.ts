import type { Format, Serializer } from "@sessgen/runtime";
import { msgpack } from "@sessgen/runtime/msgpack";

/** What the options take for that format. */
export function serializerOf(format: Format): Serializer {
  return format === "msgpack" ? msgpack : format;
}
