import { isRecord } from "../../checks/is-record.js";
import { objectOf, type PlainFormat, toBase64, toJson } from "../plain/tagged.js";
import { checkRewritable } from "../record/rewritable.js";
import { slotsFromPlain } from "../record/slots.js";
import { type Kept, keep, keptOf } from "./kept-slots.js";
import { packed } from "./pool.js";
import { PackedReader } from "./reader.js";

const noSlots: Kept["slots"] = new Map();

/**
 * Adds what an object brought along beside what the schema knows to its plain form: slots as
 * `$slots`, names as they were.
 */
export function keptToPlain(value: object, plain: Record<string, unknown>, format: PlainFormat): void {
  const kept = keptOf(value);
  if (kept === undefined) return;
  const { slots, rest } = kept;
  if (slots.size > 0) {
    plain["$slots"] = Object.fromEntries([...slots].map(([slot, bytes]) => [slot, toBase64(bytes)]));
  }
  if (rest === undefined) return;
  const names = new PackedReader(rest).unknown();
  for (const [name, item] of isRecord(names) ? Object.entries(names) : []) {
    if (name !== "$slots" && !Object.hasOwn(plain, name))
      plain[name] = format === "json" ? toJson(item) : item;
  }
}

/**
 * The inverse of {@link keptToPlain}.
 * @param known - the names that the schema knows; none where it keeps all others itself
 */
export function keptFromPlain(
  plain: Readonly<Record<string, unknown>>,
  value: object,
  known: ReadonlySet<string> | undefined,
): void {
  const stored = plain["$slots"];
  const slots = typeof stored === "object" && stored !== null ? slotsFromPlain(stored) : noSlots;
  const names = known === undefined ? [] : Object.keys(plain).filter((name) => !known.has(name));
  if (names.length === 0) {
    if (slots.size > 0) keep(value, { slots });
    return;
  }
  const rest = objectOf(names.map((name) => [name, plain[name]]));
  checkRewritable(rest);
  keep(value, { slots, rest: packed((writer) => writer.unknown(rest)).slice() });
}
