import { groupOf, type LockEntry } from "./lock.js";

/** What is called otherwise now: the key that it had, and the one that it has. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Moves entries, and all below them, to their new names. Who had that name before and is no longer
 * in the schema keeps its slots, retired. What was moved by an earlier run is left alone.
 *
 * @param moved - is told of each key that there is now
 * @returns those whose former name nothing ever had, beside others that the lock knows
 */
export function renameAll(
  entries: Map<string, LockEntry>,
  renames: readonly Rename[],
  moved: (key: string, entry: LockEntry) => void = () => {},
): readonly Rename[] {
  let left = renames.filter(({ from, to }) => from !== to);
  // One may take the name that another one gives up.
  for (;;) {
    const next = left.find(({ from, to }) => isDue(entries, from, to));
    if (next === undefined) return left.filter((one) => isOfNothing(entries, one));
    left = left.filter((one) => one !== next);
    rename(entries, next, moved);
  }
}

/**
 * Of an earlier run, the new name is there. Where the lock knows nothing beside it, all of it is
 * new.
 */
function isOfNothing(entries: ReadonlyMap<string, LockEntry>, { from, to }: Rename): boolean {
  if (entries.has(from) || entries.has(to)) return false;
  const group = groupOf(to);
  return [...entries.keys()].some((key) => groupOf(key) === group);
}

function isDue(entries: ReadonlyMap<string, LockEntry>, from: string, to: string): boolean {
  const target = entries.get(to);
  return entries.has(from) && (target === undefined || target.retired === true);
}

function rename(
  entries: Map<string, LockEntry>,
  { from, to }: Rename,
  moved: (key: string, entry: LockEntry) => void,
): void {
  const move = (source: string, place: string, more: Partial<LockEntry> = {}): void => {
    for (const key of below(entries, source)) {
      const entry = entries.get(key);
      entries.delete(key);
      if (entry === undefined) continue;
      const next = { ...entry, ...more };
      entries.set(place + key.slice(source.length), next);
      moved(place + key.slice(source.length), next);
    }
  };
  const aside = asideOf(entries, to);
  if (aside !== undefined) move(to, aside, { retired: true });
  move(from, to);
}

/**
 * Gives where what has the name goes; `undefined` where nothing has. A merge may have left what was
 * in something whose slot went to another branch.
 */
function asideOf(entries: ReadonlyMap<string, LockEntry>, name: string): string | undefined {
  const target = entries.get(name);
  if (target !== undefined) return `${name}~${target.allocation.slot}`;
  if (below(entries, name).length === 0) return undefined;
  let count = 0;
  while (below(entries, `${name}~${count}`).length > 0) count += 1;
  return `${name}~${count}`;
}

/** The keys of what has the name, and of all that is in it. */
function below(entries: ReadonlyMap<string, LockEntry>, name: string): string[] {
  return [...entries.keys()].filter(
    (key) => key.startsWith(name) && /^(?:$|[.[<|=])/.test(key.slice(name.length)),
  );
}

/** Gives what the last step of a key is called: a name, a label, or the value of a member. */
export function nameIn(key: string): string | number {
  const group = groupOf(key);
  const text = key.slice(group.length).replace(/~\d+$/, "");
  if (group.endsWith("=") || text.startsWith('"')) return JSON.parse(text) as string | number;
  return text;
}

/**
 * Gives what documents call it: what it was called when it got its slot, unless the entry says so.
 */
export function storedName({ name, allocation }: LockEntry): string | number {
  return name ?? nameIn(allocation.key);
}
