import { groupOf, type LockEntry } from "../lock/lock.js";
import type { AttributesForm, SnapshotForm } from "./snapshot-form.js";
import type { State } from "./state.js";

/** What has a slot: a field, a property, a variant of a union, a member of an enum. */
export interface Part {
  readonly path: string;
  readonly kind: "field" | "property" | "variant" | "member";
  /** The last step of the path, as the lock writes it. */
  readonly name: string;
  /** The path of what it is a part of; `""` of a field. */
  readonly owner: string;
  readonly type: string;
  readonly slot: number;
  /** Absent of variants and members. */
  readonly attributes?: AttributesForm | undefined;
}

/** The same part in both states. */
export interface Pair {
  readonly before: Part;
  readonly after: Part;
}

/** How the parts of two states differ. Of what came or went as a whole, only the outermost. */
export interface PartChanges {
  readonly added: readonly Part[];
  readonly removed: readonly Part[];
  /** What is stored under one name is read under another one. */
  readonly renamed: readonly Pair[];
  /** Stored in another way, and so under another slot. */
  readonly retyped: readonly Pair[];
  /** Of the type that it was, after another one in between: under another slot again. */
  readonly returned: readonly Pair[];
  /** Of the same type, and under another slot all the same. */
  readonly moved: readonly Pair[];
  /** In the same slot: also what was renamed. */
  readonly kept: readonly Pair[];
}

const kinds = { "": "field", ".": "property", "|": "variant", "=": "member" } as const;

/** Compares what has slots. */
export function comparePartsOf(before: State, after: State): PartChanges {
  const [older, newer] = [partsOf(before), partsOf(after)];
  const byAllocation = new Map([...older.values()].map((part) => [part.id, part]));
  const kept: Pair[] = [];
  const changed: Pair[] = [];
  const came: Part[] = [];
  const used = new Set<Part>();
  for (const part of newer.values()) {
    const same = byAllocation.get(part.id);
    const namesake = older.get(part.path);
    const other = same ?? namesake ?? formerOf(part, after, older);
    if (other === undefined) came.push(part);
    else {
      used.add(other);
      (same === undefined ? changed : kept).push({ before: other, after: part });
    }
  }
  const gone = [...older.values()].filter((part) => !used.has(part));
  const outermost = <T extends Part>(parts: readonly T[], around: readonly Part[]): readonly T[] => {
    const paths = new Set([...parts, ...around].map(({ path }) => path));
    return parts.filter(({ owner }) => !ancestorsOf(owner).some((path) => paths.has(path)));
  };
  const retyped = changed.filter((pair) => pair.before.type !== pair.after.type);
  const same = changed.filter((pair) => pair.before.type === pair.after.type);
  const isReturned = (pair: Pair): boolean => formerOf(pair.after, after, older) === pair.before;
  // A named type comes and goes with who refers to it.
  const inKnown = (parts: readonly Part[], others: ReadonlyMap<string, Part>): readonly Part[] => {
    const known = new Set([...others.keys()].map(namedIn));
    return parts.filter(({ path }) => !path.startsWith("@") || known.has(namedIn(path)));
  };
  return {
    added: outermost(
      inKnown(came, older),
      retyped.map((pair) => pair.after),
    ),
    removed: outermost(
      inKnown(gone, newer),
      retyped.map((pair) => pair.before),
    ),
    renamed: kept.filter((pair) => pair.before.name !== pair.after.name),
    retyped,
    returned: same.filter(isReturned),
    moved: same.filter((pair) => !isReturned(pair)),
    kept,
  };
}

/** Finds what a part was before its type changed, where it is called otherwise since. */
function formerOf(
  { path }: Part,
  { lock: { entries } }: State,
  older: ReadonlyMap<string, Identified>,
): Identified | undefined {
  const group = groupOf(path);
  const seen = new Set<number>();
  let slot = entries.get(path)?.before;
  while (slot !== undefined && !seen.has(slot)) {
    const wanted = slot;
    seen.add(wanted);
    const found = [...older.values()].find((part) => groupOf(part.path) === group && part.slot === wanted);
    if (found !== undefined) return found;
    slot = [...entries].find(
      ([key, entry]) => groupOf(key) === group && entry.allocation.slot === wanted,
    )?.[1].before;
  }
  return undefined;
}

/** Gives the named type that a path is in: `@Node`; of other paths nothing. */
function namedIn(path: string): string {
  return /^@[^.|=[<]+/.exec(path)?.[0] ?? "";
}

/** Tells whether a path is another one, or leads into it. */
export function isWithin(path: string, outer: string): boolean {
  return path === outer || ancestorsOf(path).includes(outer);
}

/** The path itself, and all that lie around it, however it goes on from there. */
function ancestorsOf(path: string): readonly string[] {
  const found: string[] = [];
  for (let rest = path; rest !== ""; ) {
    found.push(rest);
    const group = groupOf(rest);
    // Behind the name there may be steps into lists and maps, which have no slots.
    const bare = rest.replace(/(?:\[\d*\]|<key>|<value>)$/, "");
    rest = bare !== rest ? bare : group.slice(0, -1);
  }
  return found;
}

type Identified = Part & { readonly id: string };

function partsOf({ lock, snapshot }: State): ReadonlyMap<string, Identified> {
  return new Map(
    [...lock.entries].flatMap(([path, entry]) =>
      entry.retired ? [] : [[path, partOf(path, entry, snapshot)] as const],
    ),
  );
}

function partOf(path: string, entry: LockEntry, { fields }: SnapshotForm): Identified {
  const group = groupOf(path);
  const kind = kinds[group.slice(-1) as keyof typeof kinds];
  const { key, slot, type } = entry.allocation;
  return {
    path,
    kind,
    name: path.slice(group.length),
    owner: group.slice(0, -1),
    type: entry.type,
    slot,
    id: JSON.stringify([key, slot, type]),
    attributes: Object.hasOwn(fields, path) ? fields[path] : undefined,
  };
}

/** Tells whether an object without the property cannot be read. */
export function isRequired({ attributes }: Part): boolean {
  return attributes?.required === true && attributes.default === undefined && attributes.catch === undefined;
}
