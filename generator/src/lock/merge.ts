import type { LockForm } from "./form.js";
import { type Allocation, groupOf, type LockEntry } from "./lock.js";

/** Log and entries of a lock, or of both sides of a merge. */
export interface Merged {
  readonly log: readonly Allocation[];
  readonly entries: ReadonlyMap<string, LockEntry>;
  /** A path whose allocation is in no log. */
  readonly dangling?: string;
}

/**
 * Makes one lock of the sides of a merge: what either gave out is taken. The log goes on as that of
 * the first side, behind which what only the other has is one more generation; a side of which
 * something is renumbered was never deployed, and is the other one.
 */
export function mergeSides(sides: readonly LockForm[], renumber: readonly string[]): Merged {
  const [first, second] = sides;
  if (first === undefined) return { log: [], entries: new Map() };
  if (second === undefined) return resolve(first.log, [], [{ form: first, own: first.log }]);
  const isOnlyOf = (one: LockForm, other: LockForm): boolean =>
    one.log.some((allocation) => renumber.includes(allocation.key) && !has(other.log, allocation));
  const [base, added] =
    isOnlyOf(first, second) && !isOnlyOf(second, first) ? [second, first] : [first, second];
  const generation = (base.log.at(-1)?.generation ?? 0) + 1;
  const tail = added.log
    .filter((allocation) => !has(base.log, allocation))
    .map((allocation) => ({ ...allocation, generation }));
  return resolve(base.log, tail, [
    { form: base, own: base.log },
    { form: added, own: tail },
  ]);
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
        put(entries, path, { allocation, type: type ?? allocation.type, ...more });
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
 * Where both sides gave the path a slot, the higher one is the safer: nothing older can be stored
 * there. The other stays taken.
 */
function put(entries: Map<string, LockEntry>, path: string, entry: LockEntry): void {
  const other = entries.get(path);
  if (other === undefined) {
    entries.set(path, entry);
  } else if (other.allocation === entry.allocation) {
    if (!entry.retired) entries.set(path, entry);
  } else {
    const [kept, aside] = entry.allocation.slot > other.allocation.slot ? [entry, other] : [other, entry];
    entries.set(path, kept);
    put(entries, `${path}~${aside.allocation.slot}`, { ...aside, retired: true });
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
