import { randomBytes } from "node:crypto";
import type { Snapshot } from "./snapshot.js";

/**
 * What keeps stored sessions apart from those of other applications, and readable while the schema
 * changes.
 *
 * Keys and paths are of one form: `user`, `user.id`, `cart[].sku`, `roles[]="admin"` (a member),
 * `contact|email` (a variant).
 */
export interface Lock {
  /** Whose sessions these are: 128 random bits in base64url. */
  readonly application: string;
  /**
   * Every slot that was given out, in order. Entries are only ever added, and neither renaming nor
   * removing changes them.
   */
  readonly log: readonly Allocation[];
  /**
   * What stands where now, by its path in the schema; what is no longer there under the path it had
   * last.
   */
  readonly entries: ReadonlyMap<string, LockEntry>;
  /** What the config said when the lock was written, for later checks. */
  readonly snapshot?: Snapshot;
}

/** A slot that was given out. Key and slot together name it. */
export interface Allocation {
  /** The path that it was given to. */
  readonly key: string;
  /** The number under which it is stored. */
  readonly slot: number;
  /** How the value was stored then; see {@link LockEntry.type}. */
  readonly type: string;
  /** What was committed together is one generation, counted from 1. */
  readonly generation: number;
}

/** The field, property, variant or member that has a slot. */
export interface LockEntry {
  /** An element of the log. */
  readonly allocation: Allocation;
  /**
   * How the value is stored. What is stored otherwise gets another slot: it would be misread in
   * this one. Differs from the allocation's only in the names of types.
   */
  readonly type: string;
  /** No longer in the schema. The slot stays taken. */
  readonly retired?: boolean;
  /** The slot that it had before its type changed. */
  readonly before?: number;
  /** What documents call it, where that is not the name that the slot was given to. */
  readonly name?: string;
}

/** Makes a lock of an application that begins. */
export function newLock(application: string = randomBytes(16).toString("base64url")): Lock {
  return { application, log: [], entries: new Map() };
}

/** Splits a key into the group whose slots must differ, and what names the entry in it. */
export function groupOf(key: string): string {
  // A quoted name may contain anything and a number a dot, so both are skipped over as a whole.
  let end = 0;
  for (const match of key.matchAll(/"(?:[^"\\]|\\.)*"|=-?\d[\d.e+-]*|[.|=]/g)) {
    if (!match[0].startsWith('"')) end = match.index + 1;
  }
  return key.slice(0, end);
}

/**
 * Puts an entry aside under a key of its own, so that its slot stays taken when the key gets
 * another one.
 */
export function retire(entries: Map<string, LockEntry>, key: string): void {
  const entry = entries.get(key);
  if (entry === undefined) return;
  entries.delete(key);
  entries.set(`${key}~${entry.allocation.slot}`, { ...entry, retired: true });
}

/** Counts the entries that two logs have in common, from their beginning. */
export function commonLength(one: readonly Allocation[], other: readonly Allocation[]): number {
  const differs = one.findIndex(({ key, slot, type }, index) => {
    const entry = other[index];
    return entry === undefined || entry.key !== key || entry.slot !== slot || entry.type !== type;
  });
  return differs === -1 ? one.length : differs;
}

/** Picks those of the allocations that stand for nothing that is in the schema. */
export function unused({ entries }: Lock, allocations: readonly Allocation[]): readonly Allocation[] {
  const used = new Set(
    [...entries.values()].filter(({ retired }) => !retired).map(({ allocation }) => allocation),
  );
  return allocations.filter((allocation) => !used.has(allocation));
}

/** Gives the lock without some of its allocations, and without what stands for them. */
export function without(lock: Lock, dropped: readonly Allocation[]): Lock {
  return {
    ...lock,
    log: lock.log.filter((allocation) => !dropped.includes(allocation)),
    entries: new Map([...lock.entries].filter(([, { allocation }]) => !dropped.includes(allocation))),
  };
}
