import { type Field, ROOM, unionKeyOf } from "./schema.js";
import type { Known } from "./values.js";

/** What a request has made of a list: by its own eyes, and what is stored of it then. */
export interface Side {
  readonly field: Field;
  readonly before: unknown;
  readonly after: unknown;
  readonly known: Known;
}

/** Tells whether two versions merge the lists of a field by the same property. */
export function mergeUnions(one: Field, other: Field): boolean {
  const [key, otherKey] = [unionKeyOf(one), unionKeyOf(other)];
  return key !== undefined && key.id === otherKey?.id;
}

/**
 * Says what two requests make together of a list: what either added is there, what either removed is
 * not, unless the other one changed it, and of two changes to one element the later one stays.
 * @returns nothing where an element has no key, or a key is there twice
 */
export function union(before: Known, theirs: Side, mine: Side): Known | undefined {
  const key = unionKeyOf(mine.field);
  if (key === undefined) return undefined;
  const stored = [before, theirs.known, mine.known].map((known) => byKey(known, key.id));
  const changed = [theirs, mine].map(changedKeys);
  const [base, their, my] = stored;
  const [theyChanged, iChanged] = changed;
  if (!base || !their || !my || !theyChanged || !iChanged) return undefined;
  const elements = [...new Set([...their.keys(), ...my.keys()])].flatMap((id) => {
    const [m, t] = [my.get(id), their.get(id)];
    const isMine = iChanged.has(id) && (m !== undefined || !theyChanged.has(id));
    const winner = isMine ? m : t;
    return winner === undefined ? [] : [winner];
  });
  return { kind: "list", elements };
}

function byKey(known: Known, key: number): ReadonlyMap<string, Known> | undefined {
  if (known.kind !== "list") return undefined;
  const entries = known.elements.map((element) => {
    const id = element.kind === "object" ? element.properties.get(key) : undefined;
    return [id?.kind === "number" ? String(id.value) : undefined, element] as const;
  });
  const found = new Map<string, Known>();
  for (const [id, element] of entries) {
    if (id === undefined || found.has(id)) return undefined;
    found.set(id, element);
  }
  return found;
}

/** The keys of the elements that one has added, changed or removed. */
function changedKeys({ field, before, after }: Side): ReadonlySet<string> | undefined {
  const key = unionKeyOf(field);
  if (key === undefined || !Array.isArray(before) || !Array.isArray(after)) return undefined;
  const [was, is] = [before, after].map(
    (items) =>
      new Map(items.map((item) => [numberIn(Reflect.get(item, key.name)), JSON.stringify(item)] as const)),
  );
  return new Set(
    [...(was?.keys() ?? []), ...(is?.keys() ?? [])].filter((id) => was?.get(id) !== is?.get(id)),
  );
}

/** The number of a value of a part, as {@link Known} has it. */
function numberIn(value: unknown): string {
  return typeof value === "number" ? String(value % ROOM) : String(value).replace(/^.*#/, "");
}
