import type { SessionModel, Type } from "../model/model.js";
import { groupOf, type Lock, type LockEntry, retire } from "./lock.js";
import { moves, type StoredKind, storedKind } from "./stored-kind.js";

/** Gives out slots and remembers which. */
export class Slots {
  readonly #entries: Map<string, LockEntry>;
  readonly #types: SessionModel["types"];
  readonly #used = new Set<string>();
  readonly #next = new Map<string, number>();
  /** As it was before anything moved. */
  readonly #original: ReadonlyMap<string, LockEntry>;
  /** `from to`, of places that took over the slots of others. */
  readonly #moved = new Set<string>();

  /** @param entries - changed by what is asked of the slots */
  constructor(entries: Map<string, LockEntry>, types: SessionModel["types"]) {
    this.#entries = entries;
    this.#original = new Map(entries);
    this.#types = types;
    for (const [key, { slot }] of entries) this.#reserve(key, slot);
  }

  /** The slot for a value of the type: the one it had if what is stored there can be read, or else the next free one. */
  forType(key: string, type: Type): number {
    return this.#take(key, storedKind(type, key, this.#types));
  }

  /** The slot of a member of an enum. */
  forMember(key: string): number {
    return this.#take(key, { text: "member", spaces: [] });
  }

  /** All entries, those that were not asked for as retired. */
  result(): Lock {
    const entries = [...this.#entries].map(
      ([key, entry]) => [key, this.#used.has(key) ? entry : { ...entry, retired: true }] as const,
    );
    return { entries: new Map(entries) };
  }

  #take(key: string, kind: StoredKind): number {
    this.#used.add(key);
    const type = kind.text;
    const known = this.#entries.get(key);
    if (known !== undefined && (known.type === type || this.#follow(known.type, kind))) {
      this.#entries.set(key, { slot: known.slot, type });
      return known.slot;
    }
    // What is stored in the old slot is of another type: it is kept there for deploys that still know it.
    if (known !== undefined) retire(this.#entries, key);
    const slot = this.#next.get(groupOf(key)) ?? 0;
    this.#reserve(key, slot);
    this.#entries.set(key, { slot, type });
    return slot;
  }

  /** A type that was given a name, lost it or has another one now keeps its slots, unless the name has slots of its own. */
  #follow(before: string, after: StoredKind): boolean {
    const steps = moves(before, after);
    if (steps === undefined) return false;
    return steps.every(({ from, to, separator }) => {
      if (this.#moved.has(`${from} ${to}`)) return true;
      if (below(this.#entries, to + separator).length > 0) return false;
      this.#moved.add(`${from} ${to}`);
      const present = below(this.#entries, from + separator);
      // Another place may have taken them before: one type became two.
      const taken = present.length > 0 ? present : below(this.#original, from + separator);
      const shared = from.startsWith("@") && Object.hasOwn(this.#types, from.slice(1));
      for (const [key, entry] of taken) {
        if (!shared) this.#entries.delete(key);
        const target = to + key.slice(from.length);
        this.#entries.set(target, entry);
        this.#reserve(target, entry.slot);
      }
      return true;
    });
  }

  #reserve(key: string, slot: number): void {
    const group = groupOf(key);
    this.#next.set(group, Math.max(this.#next.get(group) ?? 0, slot + 1));
  }
}

function below(entries: ReadonlyMap<string, LockEntry>, prefix: string): [string, LockEntry][] {
  return [...entries].filter(([key]) => key.startsWith(prefix));
}
