/**
 * What keeps stored sessions readable while the schema changes: the number under which each field, nested property, union
 * variant and enum member is stored. Entries are only ever added.
 *
 * Keys are paths: `user`, `user.id`, `cart[].sku`, `roles[]="admin"` (a member), `contact|email` (a variant).
 */
export interface Lock {
  readonly entries: ReadonlyMap<string, LockEntry>;
}

/** One number that was given out. */
export interface LockEntry {
  readonly slot: number;
  /** How the value is stored. What is stored otherwise gets another slot: it would be misread in this one. */
  readonly type: string;
  /** No longer in the schema. The slot stays taken. */
  readonly retired?: boolean;
}

export const emptyLock: Lock = { entries: new Map() };

/** Splits a key into the group whose slots must differ, and what names the entry in it. */
export function groupOf(key: string): string {
  // A quoted name may contain anything and a number a dot, so both are skipped over as a whole.
  let end = 0;
  for (const match of key.matchAll(/"(?:[^"\\]|\\.)*"|=-?\d[\d.e+-]*|[.|=]/g)) {
    if (!match[0].startsWith('"')) end = match.index + 1;
  }
  return key.slice(0, end);
}

/** Puts an entry aside under a key of its own, so that its slot stays taken when the key gets another one. */
export function retire(entries: Map<string, LockEntry>, key: string): void {
  const entry = entries.get(key);
  if (entry === undefined) return;
  entries.delete(key);
  entries.set(`${key}~${entry.slot}`, { ...entry, retired: true });
}
