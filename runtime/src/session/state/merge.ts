import type { FieldDefinition } from "../../codec/definition.js";
import { type PackedPart, viewOf } from "../../codec/packed/part.js";
import { type Change, type Packed, samePacked } from "./change.js";
import { decode, encode } from "./field-bytes.js";

/** A field that this request changed from `base` to `mine`. */
export type Mine = Pick<Change, "field" | "base" | "mine">;

/**
 * Merges a field that this request changed while another one changed it to `theirs`. A
 * merge whose result the schema forbids gives way to the later commit's value.
 */
export function mergeField(change: Mine, theirs: Packed): Packed {
  const merged = tryMerge(change, theirs);
  return merged === undefined ? change.mine : merged.value;
}

/** Does as {@link mergeField}, but `undefined` where `mine` would replace `theirs`. */
export function tryMerge(change: Mine, theirs: Packed): Merged | undefined {
  const { base, mine } = change;
  const field: FieldDefinition = change.field;
  // Equal results are no reason to stop: two requests that both count from 1 to 2 make it 3.
  if (samePacked(theirs, base)) return { value: mine };
  if (field.flash === "list" && mergesFlash(field.merge)) return mergeFlash(change, theirs);
  const policy = field.merge ?? "last-write-wins";
  // Nothing to add up when either side removed the field.
  if (policy === "last-write-wins" || mine === undefined || theirs === undefined) return undefined;
  try {
    const sides = { base: read(field, base), mine: read(field, mine), theirs: read(field, theirs) };
    const value = mergeValues(field, policy, sides);
    field.check(value);
    return { value: encode(field, value) };
  } catch {
    return undefined;
  }
}

/** What both changes make together. */
interface Merged {
  readonly value: Packed;
}

/**
 * Tells when the merged value ends, in milliseconds since the Unix epoch: the kept one when it
 * would have anyway, one made of both when the later of them does. A field without a `ttl` keeps
 * the end that a deploy with one gave it.
 */
export function mergedEnd(
  { field, mine, end }: Change,
  merged: Packed,
  theirs: Packed,
  theirEnd: number | undefined,
): number | undefined {
  if (merged === undefined) return undefined;
  if (field.ttl === undefined) return theirEnd;
  const isMine = samePacked(merged, mine);
  const isTheirs = samePacked(merged, theirs);
  if (isMine && !isTheirs) return end;
  if (isTheirs && !isMine) return theirEnd;
  return end === undefined || theirEnd === undefined ? (end ?? theirEnd) : Math.max(end, theirEnd);
}

/** The values of a field that is to be merged. */
interface Sides {
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

function mergeValues(
  field: FieldDefinition,
  policy: Exclude<FieldDefinition["merge"], undefined | "last-write-wins">,
  sides: Sides,
): unknown {
  const { base, mine, theirs } = sides;
  if (typeof policy === "function") return policy(base, mine, theirs);
  switch (policy) {
    case "counter":
      return mergeCounter(sides);
    case "max":
      return compare(mine, theirs) >= 0 ? mine : theirs;
    case "min":
      return compare(mine, theirs) <= 0 ? mine : theirs;
    default:
      return "union" in policy
        ? mergeUnion(field, policy.union, sides)
        : mergeAppend(field, policy.append, sides);
  }
}

/** Both differences to the common base, added up. */
function mergeCounter({ base, mine, theirs }: Sides): unknown {
  if (typeof mine === "bigint" && typeof theirs === "bigint") {
    return theirs + mine - (typeof base === "bigint" ? base : 0n);
  }
  return Number(theirs) + Number(mine) - Number(base ?? 0);
}

/** Numbers, bigints and dates have an order. */
function compare(a: unknown, b: unknown): number {
  const [x, y] = [a, b].map((value) => (value instanceof Date ? value.getTime() : value)) as [number, number];
  return x === y ? 0 : x > y ? 1 : -1;
}

/**
 * Lists as sets of objects by a key: what either side added is there, what either side removed is
 * not, a change wins over a removal, and of two changes to one object the later commit's stays.
 * Theirs keep their order.
 */
function mergeUnion(field: FieldDefinition, key: string, { base, mine, theirs }: Sides): unknown[] {
  const byKey = (items: unknown): Items =>
    new Map(list(items).map((item) => [keyOf(item, key), { item, packed: encode(field, [item]) }]));
  const [before, my, their] = [byKey(base), byKey(mine), byKey(theirs)];
  const merged: unknown[] = [];
  for (const id of new Set([...their.keys(), ...my.keys()])) {
    const [b, m, t] = [before.get(id), my.get(id), their.get(id)];
    const iChanged = !samePacked(m?.packed, b?.packed);
    const theyChanged = !samePacked(t?.packed, b?.packed);
    const winner = iChanged && (m !== undefined || !theyChanged) ? m : t;
    if (winner !== undefined) merged.push(winner.item);
  }
  return merged;
}

type Items = Map<string, { readonly item: unknown; readonly packed: PackedPart }>;

/** What I appended goes behind what they have; the last `limit` elements stay. */
function mergeAppend(field: FieldDefinition, limit: number, sides: Sides): unknown[] {
  const [base, mine] = [list(sides.base), list(sides.mine)];
  const bytesOf = (items: readonly unknown[]) => Buffer.from(viewOf(encode(field, items)));
  // The list may have lost its head to the limit, so what is left of the base is the longest suffix
  // of the base that begins mine.
  let kept = Math.min(base.length, mine.length);
  while (kept > 0 && !bytesOf(base.slice(base.length - kept)).equals(bytesOf(mine.slice(0, kept)))) kept -= 1;
  return [...list(sides.theirs), ...mine.slice(kept)].slice(-limit);
}

/** Of a flash list only another policy than to append says otherwise. */
function mergesFlash(policy: FieldDefinition["merge"]): policy is { readonly append: number } | undefined {
  return policy === undefined || (typeof policy === "object" && "append" in policy);
}

/**
 * What either side added is there, what either side has shown is not; an absent list is one that
 * was shown.
 */
function mergeFlash(change: Mine, theirs: Packed): Merged | undefined {
  const { base, mine } = change;
  const field: FieldDefinition = change.field;
  const limit = mergesFlash(field.merge) ? field.merge?.append : undefined;
  try {
    const [before, my, their] = [base, mine, theirs].map((packed) =>
      packed === undefined ? [] : list(read(field, packed)),
    ) as [unknown[], unknown[], unknown[]];
    const shown = without(field, before, my);
    const merged = [...without(field, their, shown), ...without(field, my, before)];
    if (merged.length === 0) return { value: undefined };
    const kept = limit === undefined ? merged : merged.slice(-limit);
    field.check(kept);
    return { value: encode(field, kept) };
  } catch {
    return undefined;
  }
}

/**
 * The elements of a list without those of another one; equal elements count one by one.
 */
function without(field: FieldDefinition, items: readonly unknown[], others: readonly unknown[]): unknown[] {
  const key = (item: unknown): string => Buffer.from(viewOf(encode(field, [item]))).toString("latin1");
  const counts = new Map<string, number>();
  for (const item of others) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return items.filter((item) => {
    const count = counts.get(key(item)) ?? 0;
    counts.set(key(item), count - 1);
    return count <= 0;
  });
}

function keyOf(item: unknown, key: string): string {
  const value: unknown = typeof item === "object" && item !== null ? Reflect.get(item, key) : undefined;
  return `${typeof value}:${String(value)}`;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function read(field: FieldDefinition, packed: Packed): unknown {
  return packed === undefined ? field.default?.() : decode(field, packed);
}
