import { isSealed } from "../../codec/packed/sealed.js";
import { decodeRecord } from "../../codec/record/codec.js";
import type { Serializer } from "../../codec/record/record.js";
import { originalKey } from "./quarantine.js";
import { unpackStored } from "./stored-record.js";
import { type ToolOptions, toolContext } from "./tools.js";

/** With which of the encryption's secrets a stored session is encrypted. */
export interface SecretsInUse {
  /** Their positions in the list, ascending. Empty where nothing is encrypted. */
  readonly positions: readonly number[];
  /** Something in it is encrypted with a secret that is not in the list. */
  readonly missing: boolean;
}

/**
 * Tells which secrets stored sessions are encrypted with: one that none of them needs can be taken
 * off the list. For tools.
 *
 * @returns a function of a payload and the key that it is stored under, which throws
 *   UnreadableValue where a payload cannot be decoded
 * @throws SessionError `env/missing`, `encryption/weak-secret`, `encryption/no-secret`
 */
export function storedSecrets(
  options: ToolOptions & { readonly serializer?: Serializer | undefined },
): (payload: Uint8Array, key: string) => SecretsInUse {
  const { encryption, fields, history } = toolContext(options);
  if (encryption === undefined) return () => ({ positions: [], missing: false });
  return (payload, storedUnder) => {
    const key = originalKey(storedUnder);
    const whole = encryption.payloadPosition(payload, key);
    if (whole === undefined && encryption.isWhole(payload)) return { positions: [], missing: true };
    const decoding = { now: 0, serializer: options.serializer, history };
    const record = decodeRecord(unpackStored({ encryption }, payload, key), fields, decoding);
    const positions = new Set(whole === undefined ? [] : [whole]);
    let missing = false;
    for (const [slot, packed] of record.fields) {
      if (!isSealed(packed)) continue;
      const found = encryption.fieldPositions(packed, key, slot);
      missing ||= found === undefined;
      for (const position of found ?? []) positions.add(position);
    }
    return { positions: [...positions].sort((a, b) => a - b), missing };
  };
}
