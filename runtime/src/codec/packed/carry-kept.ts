import { isRecord } from "../../checks/is-record.js";
import { keep, keepsAny, keptOf } from "./kept-slots.js";

/** What says of values of a field which of them are the same thing. */
export interface Sameness {
  /** Tells whether the whole value is of the same thing; `undefined`: the members tell. */
  whole?(this: void, before: unknown, now: unknown): boolean | undefined;
  /** The member that tells elements of the list apart. */
  readonly key?: string | undefined;
}

/**
 * Hands what is kept with the objects of a value that was read on to their copies in the one that
 * takes its place: `{ ...user, name }` has lost what the schema does not know. An object is a copy
 * of the one that stood at its place when the members that identify it are the same, or else half
 * of all its simple ones. Elements of lists are found by their key, by `id`, by being equal, and
 * then at their place.
 */
export function carryKept(before: unknown, now: unknown, { whole, key }: Sameness = {}): void {
  if (!keepsAny() || before === now) return;
  if (Array.isArray(before) && Array.isArray(now)) return carryList(before, now, key ?? "id");
  if (before instanceof Map && now instanceof Map) {
    for (const [name, item] of now) carryKept(before.get(name), item);
    return;
  }
  if (!isRecord(before) || !isRecord(now)) return;
  if (!(whole?.(before, now) ?? isCopy(before, now))) return;
  carryMembers(before, now);
}

function carryMembers(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): void {
  const kept = keptOf(before);
  if (kept !== undefined && keptOf(now) === undefined) keep(now, kept);
  for (const [name, item] of Object.entries(now)) {
    if (Object.hasOwn(before, name)) carryKept(before[name], item);
  }
}

function carryList(before: readonly unknown[], now: readonly unknown[], key: string): void {
  const byKey = new Map<unknown, unknown>();
  const byContent = new Map<string, unknown>();
  for (const item of before) {
    const id = idOf(item, key);
    if (id !== undefined) byKey.set(id, item);
    else byContent.set(contentOf(item), item);
  }
  for (const [index, item] of now.entries()) {
    const id = idOf(item, key);
    const same = id === undefined ? (byContent.get(contentOf(item)) ?? before[index]) : byKey.get(id);
    carryKept(same, item, id === undefined ? {} : { whole: () => true });
  }
}

/** What tells an element from others; `undefined` where nothing does. */
function idOf(item: unknown, key: string): unknown {
  const id = isRecord(item) && Object.hasOwn(item, key) ? item[key] : undefined;
  return isSimple(id) ? simple(id) : undefined;
}

function contentOf(item: unknown): string {
  return (
    JSON.stringify(item, (_name, value: unknown) => (typeof value === "bigint" ? String(value) : value)) ?? ""
  );
}

function isCopy(before: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): boolean {
  if (isSimple(before["id"]) || isSimple(now["id"])) return simple(before["id"]) === simple(now["id"]);
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const told = [...names].filter((name) => isSimple(before[name]) || isSimple(now[name]));
  const same = told.filter((name) => simple(before[name]) === simple(now[name]));
  return same.length * 2 >= told.length;
}

/** What has no parts. */
function isSimple(value: unknown): boolean {
  return (typeof value !== "object" && value !== undefined) || value instanceof Date;
}

function simple(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}
