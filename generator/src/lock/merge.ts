import type { LockForm } from "./form.js";
import { type Allocation, commonLength, groupOf, type LockEntry } from "./lock.js";

/** Log and entries of a lock, or of both sides of a merge. */
export interface Merged {
  readonly log: readonly Allocation[];
  readonly entries: ReadonlyMap<string, LockEntry>;
  /** The side whose log goes on. */
  readonly base?: LockForm;
  /** What only the other side gave out, and nothing says that it was not deployed. */
  readonly behind?: readonly Allocation[];
  /** What only the other side gave out, in slots that the deployed one gave to something else. */
  readonly taken?: readonly Allocation[];
  /** A path whose allocation is in no log. */
  readonly dangling?: string;
}

/** How {@link mergeSides} tells which side is deployed. */
export interface MergeOptions {
  /** Paths that were never deployed. */
  readonly renumber: readonly string[];
  /** The log that is deployed, if that is known. */
  readonly deployed?: readonly Allocation[] | undefined;
}

/**
 * Makes one lock of the sides of a merge: what either gave out is taken. The log goes on as that of
 * the side that is deployed, behind which what only the other has is one more generation, but for
 * slots that the deployed one gave to something else. A side of which something is renumbered was
 * never deployed. Where nothing tells, the first side goes on, and slots that both gave out stay.
 */
export function mergeSides(sides: readonly LockForm[], options: MergeOptions): Merged {
  const [first, second] = sides;
  if (first === undefined) return { log: [], entries: new Map() };
  if (second === undefined) return resolve(first.log, [], [{ form: first, own: first.log }]);
  const { base, added, isTold, isKnown } = order(first, second, options);
  const generation = (base.log.at(-1)?.generation ?? 0) + 1;
  const tail = added.log
    .filter((allocation) => !has(base.log, allocation))
    .map((allocation) => ({ ...allocation, generation }));
  const sided = [
    { form: base, own: base.log },
    { form: added, own: tail },
  ];
  if (isTold) return { ...resolve(base.log, tail, sided), base };
  const merged = { ...resolve(base.log, tail, sided, isKnown), base };
  if (isKnown) return withoutTaken(merged, tail);
  const forks = commonLength(base.log, added.log) < base.log.length && tail.length > 0;
  return options.deployed === undefined && forks ? { ...merged, behind: tail } : merged;
}

/** Tells which side goes on, and whether anything says that it is the deployed one. */
function order(first: LockForm, second: LockForm, { renumber, deployed = [] }: MergeOptions): Order {
  const isOnlyOf = (one: LockForm, other: LockForm): boolean =>
    one.log.some((allocation) => renumber.includes(allocation.key) && !has(other.log, allocation));
  const [inFirst, inSecond] = [isOnlyOf(first, second), isOnlyOf(second, first)];
  const ofFirst = commonLength(first.log, deployed);
  const ofSecond = commonLength(second.log, deployed);
  const isSecond = inFirst === inSecond ? ofSecond > ofFirst : inFirst;
  const [base, added] = isSecond ? [second, first] : [first, second];
  return { base, added, isTold: inFirst !== inSecond, isKnown: ofFirst !== ofSecond };
}

interface Order {
  readonly base: LockForm;
  readonly added: LockForm;
  /** By what is to be renumbered. */
  readonly isTold: boolean;
  /** By what is deployed. */
  readonly isKnown: boolean;
}

/**
 * Takes out of the tail what has a slot, or a path, that something else has: it gets another one
 * when the lock is applied, for nothing of it is deployed.
 */
function withoutTaken(merged: Merged, tail: readonly Allocation[]): Merged {
  const added = new Set(tail);
  const places = new Set<string>();
  const placeOf = (path: string, { slot }: Allocation): string => JSON.stringify([groupOf(path), slot]);
  for (const [path, { allocation }] of merged.entries)
    if (!added.has(allocation)) places.add(placeOf(path, allocation));
  const kept = new Map(
    [...merged.entries].filter(
      ([path, { allocation }]) => !added.has(allocation) || !places.has(placeOf(path, allocation)),
    ),
  );
  const used = new Set([...kept.values()].map(({ allocation }) => allocation));
  const taken = tail.filter((allocation) => !used.has(allocation));
  return {
    ...merged,
    log: merged.log.filter((allocation) => !taken.includes(allocation)),
    entries: kept,
    taken,
  };
}

function has(log: readonly Allocation[], { key, slot, type }: Allocation): boolean {
  return log.some((other) => other.key === key && other.slot === slot && other.type === type);
}

/**
 * Finds the allocations that the entries of each side name: its own first, for the other one may
 * have given the same slot to the same key.
 */
function resolve(
  head: readonly Allocation[],
  tail: readonly Allocation[],
  sides: readonly { readonly form: LockForm; readonly own: readonly Allocation[] }[],
  prefersFirst = false,
): Merged {
  const log = [...head, ...tail];
  const entries = new Map<string, LockEntry>();
  let dangling: string | undefined;
  for (const { form, own } of sides) {
    const known = new Map([...log, ...own].map((allocation) => [nameOf(allocation), allocation]));
    for (const [path, { slot, key = path, type, retired, before, name }] of Object.entries(form.slots)) {
      const allocation = known.get(nameOf({ key, slot }));
      if (allocation === undefined) dangling ??= path;
      else {
        const more = {
          ...(retired && { retired }),
          ...(before !== undefined && { before }),
          ...(name !== undefined && { name }),
        };
        put(entries, path, { allocation, type: type ?? allocation.type, ...more }, prefersFirst);
      }
    }
  }
  dropFormerNames(entries);
  return { log, entries, ...(dangling !== undefined && { dangling }) };
}

function nameOf({ key, slot }: Pick<Allocation, "key" | "slot">): string {
  return JSON.stringify([key, slot]);
}

/**
 * Where both sides gave the path a slot, that of the deployed side counts. Where nobody knows which
 * that is, the higher one is the safer: nothing older can be stored there. The other stays taken.
 */
function put(entries: Map<string, LockEntry>, path: string, entry: LockEntry, prefersFirst: boolean): void {
  const other = entries.get(path);
  if (other === undefined) {
    entries.set(path, entry);
  } else if (other.allocation === entry.allocation) {
    if (!entry.retired) entries.set(path, entry);
  } else if (!prefersFirst) {
    const [kept, aside] = entry.allocation.slot > other.allocation.slot ? [entry, other] : [other, entry];
    entries.set(path, kept);
    put(entries, `${path}~${aside.allocation.slot}`, { ...aside, retired: true }, prefersFirst);
  }
}

/** One side renamed what has its former name on the other. */
function dropFormerNames(entries: Map<string, LockEntry>): void {
  const groups = new Map<Allocation, Set<string>>();
  for (const [path, { allocation }] of entries) {
    if (path === allocation.key) continue;
    groups.set(allocation, (groups.get(allocation) ?? new Set()).add(groupOf(path)));
  }
  for (const [path, { allocation }] of entries) {
    if (path === allocation.key && groups.get(allocation)?.has(groupOf(path))) entries.delete(path);
  }
}
