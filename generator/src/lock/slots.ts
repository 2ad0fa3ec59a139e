import type { SessionModel, StoredNames, Type } from "../model/model.js";
import { type Allocation, groupOf, type LockEntry, retire } from "./lock.js";
import { nameIn, type Rename, renameAll, storedName } from "./rename.js";
import { moves, storedKind, withoutNames } from "./stored-kind.js";

/** Gives out slots and remembers which. */
export class Slots {
  readonly #entries: Map<string, LockEntry>;
  readonly #log: Allocation[];
  readonly #generation: number;
  readonly #types: SessionModel["types"];
  readonly #used = new Set<string>();
  /** The next free slot of a group, and the next that a key never had. */
  readonly #next = new Map<string, number>();
  readonly #fresh = new Map<string, number>();
  /** As it was before anything moved. */
  readonly #original: ReadonlyMap<string, LockEntry>;
  /** What was to be renamed, and nothing was ever called so. */
  readonly unknown: Rename[] = [];
  /** The lock file, for messages. */
  readonly file: string | undefined;
  /** `from to`, of places that took over the slots of others. */
  readonly #moved = new Set<string>();
  /** What named types were called before. */
  readonly #namesBefore = new Map<string, string>();

  /**
   * @param entries - changed by what is asked of the slots
   * @param log - what was given out is added to it
   * @param generation - of what is given out
   */
  constructor(
    entries: Map<string, LockEntry>,
    log: Allocation[],
    generation: number,
    types: SessionModel["types"],
    file?: string,
  ) {
    this.file = file;
    this.#entries = entries;
    this.#log = log;
    this.#generation = generation;
    this.#original = new Map(entries);
    this.#types = types;
    for (const [path, { allocation }] of entries) raise(this.#next, groupOf(path), allocation.slot);
    for (const { key, slot } of log) raise(this.#fresh, key, slot);
  }

  /**
   * Gives the slot for a value of the type: the one it had if what is stored there can be read, or
   * else the next free one.
   */
  forType(path: string, type: Type): number {
    return this.#take(path, storedKind(type, this.#types));
  }

  /** Gives the slot of a member of an enum. */
  forMember(path: string): number {
    return this.#take(path, "member");
  }

  /** Gives what a named type was called, as far as anything that was asked for says so. */
  nameBefore(name: string): string {
    return this.#namesBefore.get(name) ?? name;
  }

  /** Moves what is called otherwise now. Its slots are asked for afterwards. */
  rename(renames: readonly Rename[]): void {
    const moved = (key: string, { allocation }: LockEntry): void =>
      raise(this.#next, groupOf(key), allocation.slot);
    this.unknown.push(...renameAll(this.#entries, renames, moved));
  }

  /**
   * Gives what documents call it, if that is not its name: what it was called first. The name that
   * it has now is read, too, unless documents mean something else by it.
   */
  storedNames(path: string): StoredNames | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    const [stored, now] = [storedName(entry), nameIn(path)];
    if (stored === now) return undefined;
    const group = groupOf(path);
    const isShared = [...this.#entries].some(
      ([key, other]) => key !== path && groupOf(key) === group && storedName(other) === now,
    );
    return isShared ? [stored] : [stored, now];
  }

  /**
   * Has documents call a field otherwise than what it was before its type changed, so that both can
   * be there. Only before anything can have been stored.
   */
  nameApart(path: string): void {
    const entry = this.#entries.get(path);
    if (entry?.before === undefined || entry.name !== undefined) return;
    if (entry.allocation.generation !== this.#generation) return;
    this.#entries.set(path, { ...entry, name: `${nameIn(path)}~${entry.allocation.slot}` });
  }

  /** Gives what stood at the path before its type changed, newest first, with the keys of today. */
  formersOf(path: string): [string, LockEntry][] {
    const group = groupOf(path);
    const found: [string, LockEntry][] = [];
    for (let slot = this.#entries.get(path)?.before; slot !== undefined; slot = found.at(-1)?.[1].before) {
      const former = [...this.#entries].find(
        ([key, { allocation }]) => allocation.slot === slot && groupOf(key) === group,
      );
      // A lock that was edited by hand may go round in circles.
      if (former === undefined || found.some(([key]) => key === former[0])) break;
      found.push(former);
    }
    return found;
  }

  /**
   * Finds what was stored at the path as such a kind, whether it still is.
   * @param kind - without the names of types
   */
  stoodAt(path: string, kind: string): [string, LockEntry] | undefined {
    const group = groupOf(path);
    const all = [...this.#entries].filter(([, { type }]) => withoutNames(type) === kind);
    const here = all.find(
      ([key]) => key === path || (groupOf(key) === group && key.replace(/~\d+$/, "") === path),
    );
    // Another type may have taken the slots over since.
    return here ?? all.find(([, { allocation }]) => allocation.key === path);
  }

  /** Gives all entries, those that were not asked for as retired. */
  result(): ReadonlyMap<string, LockEntry> {
    return new Map(
      [...this.#entries].map(
        ([path, entry]) => [path, this.#used.has(path) ? entry : { ...entry, retired: true }] as const,
      ),
    );
  }

  #take(path: string, type: string): number {
    this.#used.add(path);
    const known = this.#entries.get(path);
    if (known !== undefined && (known.type === type || this.#follow(known.type, type, path))) {
      const { retired: _, ...kept } = known;
      this.#entries.set(path, { ...kept, type });
      return known.allocation.slot;
    }
    // What is stored in the old slot is of another type: it is kept there for deploys that still
    // know it.
    if (known !== undefined) retire(this.#entries, path);
    const group = groupOf(path);
    // A key may have had a slot in a group that has moved since: with this one it would not name
    // one allocation.
    const slot = Math.max(this.#next.get(group) ?? 0, this.#fresh.get(path) ?? 0);
    const allocation = { key: path, slot, type, generation: this.#generation };
    this.#log.push(allocation);
    raise(this.#next, group, slot);
    raise(this.#fresh, path, slot);
    const name = this.#otherName(path, slot);
    const before = known?.allocation.slot ?? this.#lastAt(path);
    this.#entries.set(path, {
      allocation,
      type,
      ...(before !== undefined && { before }),
      ...(name !== undefined && { name }),
    });
    return slot;
  }

  /** The newest slot of what stood there, where what came after it was tried and dropped. */
  #lastAt(path: string): number | undefined {
    const put = [...this.#entries].filter(
      ([key]) => key.startsWith(`${path}~`) && /^~\d+$/.test(key.slice(path.length)),
    );
    return put.length === 0 ? undefined : Math.max(...put.map(([, { allocation }]) => allocation.slot));
  }

  /**
   * What documents call what is new, where its own name means in them what is called otherwise now.
   */
  #otherName(path: string, slot: number): string | undefined {
    const name = nameIn(path);
    const group = groupOf(path);
    const isTaken = [...this.#entries].some(
      ([key, entry]) =>
        (entry.allocation.key !== key || entry.name !== undefined) &&
        groupOf(key) === group &&
        nameIn(key) !== name &&
        storedName(entry) === name,
    );
    return isTaken ? `${name}~${slot}` : undefined;
  }

  /**
   * A type that was given a name, lost it or has another one now keeps its slots, unless the name
   * has slots of its own.
   */
  #follow(before: string, after: string, path: string): boolean {
    const steps = moves(before, after, path);
    if (steps === undefined) return false;
    return steps.every(({ from, to, separator }) => {
      if (this.#moved.has(`${from} ${to}`)) return true;
      if (below(this.#entries, to + separator).length > 0) return false;
      this.#moved.add(`${from} ${to}`);
      if (from.startsWith("@") && to.startsWith("@")) this.#namesBefore.set(to.slice(1), from.slice(1));
      const present = below(this.#entries, from + separator);
      // Another place may have taken them before: one type became two.
      const taken = present.length > 0 ? present : below(this.#original, from + separator);
      const shared = from.startsWith("@") && Object.hasOwn(this.#types, from.slice(1));
      for (const [path, entry] of taken) {
        if (!shared) this.#entries.delete(path);
        const target = to + path.slice(from.length);
        this.#entries.set(target, entry);
        raise(this.#next, groupOf(target), entry.allocation.slot);
      }
      return true;
    });
  }
}

function raise(next: Map<string, number>, name: string, slot: number): void {
  next.set(name, Math.max(next.get(name) ?? 0, slot + 1));
}

function below(entries: ReadonlyMap<string, LockEntry>, prefix: string): [string, LockEntry][] {
  return [...entries].filter(([path]) => path.startsWith(prefix));
}
