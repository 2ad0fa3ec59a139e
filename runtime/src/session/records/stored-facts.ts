import type { Format } from "../../codec/record/record.js";
import { type LeftBecause, layersOf, type StoredOptions } from "./stored-layers.js";
import { toolContext } from "./tools.js";

/** What a stored session is like, without anything that is in it. */
export interface StoredFacts {
  readonly createdAt: number;
  readonly permanent: boolean;
  readonly format: Format | "custom" | undefined;
  readonly isCompressed: boolean;
  /** Of the payload as it is stored. */
  readonly bytes: number;
  /** Before it was compressed. */
  readonly plainBytes: number;
  /** Of the lock: of the newest slot in it; `undefined` where there is nothing by slot. */
  readonly generation: number | undefined;
  /** The positions of the secrets that it is encrypted with, ascending. */
  readonly secrets: readonly number[];
  /** Packed sizes of its fields by name, encrypted or not. */
  readonly fields: ReadonlyMap<string, number>;
  /** Packed sizes of what no field has, by slot. */
  readonly unknownSlots: ReadonlyMap<number, number>;
  /** How many names of a document no field has. */
  readonly unknownNames: number;
}

/**
 * Tells of stored sessions what they are like, and nothing that is in them. For tools.
 * @returns a function of a payload and the key that it is stored under; it gives back why, where
 *   nothing can be told
 * @throws SessionError as {@link storedRewrites}
 */
export function storedFacts(
  options: StoredOptions,
): (payload: Uint8Array, key: string) => StoredFacts | LeftBecause {
  const records = toolContext(options);
  const { clock = Date.now, serializer } = options;
  return (payload, key) => {
    const layers = layersOf(records, { payload, key, now: clock(), serializer });
    if (typeof layers === "string") return layers;
    const { record, whole, sealed, plain, format, isCompressed } = layers;
    const positions = new Set([...sealed.values()].flat());
    if (whole !== undefined) positions.add(whole);
    const names = new Map(records.fields.map(({ slot, name }) => [slot, name]));
    const sizes = [...record.fields].map(([slot, packed]) => [slot, packed.byteLength] as const);
    return {
      createdAt: record.createdAt,
      permanent: record.permanent,
      format,
      isCompressed,
      bytes: payload.byteLength,
      plainBytes: plain.byteLength,
      generation: record.historyMark && records.history.generationOf(record.historyMark),
      secrets: [...positions].sort((one, other) => one - other),
      fields: new Map(
        sizes.flatMap(([slot, size]) => {
          const name = names.get(slot);
          return name === undefined ? [] : [[name, size] as const];
        }),
      ),
      unknownSlots: new Map(sizes.filter(([slot]) => !names.has(slot))),
      unknownNames: Object.keys(record.unknown ?? {}).length,
    };
  };
}
