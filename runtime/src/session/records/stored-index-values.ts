import { PackedReader } from "../../codec/packed/reader.js";
import { packedOf } from "../../codec/record/former.js";
import type { IndexValues } from "../../stores/store.js";
import type { SessionsOptions } from "../context/options.js";
import { indexValues, noIndexValues } from "./index-values.js";
import { isSessionKey } from "./keys.js";
import { decodeStored } from "./stored-record.js";
import { type ToolOptions, toolContext } from "./tools.js";

/**
 * What a stored session is found by; `undefined` when there are no indexes at all.
 * @param key - the one it is stored under
 * @throws UnreadableValue when the payload cannot be read, or a field that is encrypted and indexed
 *   cannot be
 */
export type ReadIndexValues = (payload: Uint8Array, key: string) => IndexValues | undefined;

/**
 * Reads out of payloads by what the application finds its sessions. For tools.
 * @throws SessionError `env/missing`, `encryption/weak-secret`, `encryption/no-secret`
 */
export function storedIndexValues(options: ToolOptions & Pick<SessionsOptions, "clock">): ReadIndexValues {
  const { fields } = options;
  const context = {
    ...toolContext(options),
    serializer: "packed",
    clock: options.clock ?? Date.now,
  } as const;
  const sealed = fields.filter(({ encrypt, indexes }) => encrypt && indexes !== undefined);
  return (payload, key) => {
    if (!isSessionKey(key)) return noIndexValues(fields);
    const record = decodeStored(context, payload, key);
    if (record.trace !== undefined) return noIndexValues(fields);
    for (const field of sealed) {
      const packed = packedOf(record, field);
      // In a session such a field reads as absent. Who lacks the secret must not take that for its
      // value.
      if (packed !== undefined) field.codec.read(new PackedReader(packed));
    }
    return indexValues(context, record);
  };
}
