import { inspect } from "node:util";
import type { Unreadability } from "@sessgen/runtime";

/** What bytes are counted in, as a human is told. */
const counted = {
  payload: "of the payload",
  opened: "of the payload, decrypted and inflated",
  value: "of the value of the field",
} as const;

/** Says why something stored cannot be read, and where. */
export function whyText({ expected, path, byte, within = "payload" }: Unreadability): string {
  if (byte !== undefined) return `expected ${expected} at byte ${byte} ${counted[within]}`;
  // Keys in it come from whoever wrote the payload: control characters must not reach the terminal.
  return path === undefined
    ? `expected ${expected}`
    : `expected ${expected} at ${inspect(path).slice(1, -1)}`;
}
