import type { Allocation, Lock } from "../lock/lock.js";

/** How the logs of two locks differ. */
export interface LogChange {
  /** What the newer one lacks. */
  readonly missing: readonly Allocation[];
  /** What it has, and the older one has not. */
  readonly added: readonly Allocation[];
  /** What both have is not in the same order, or the newer one has something in between. */
  readonly isReordered: boolean;
}

/** Compares the logs. A log is only ever added to, at its end. */
export function compareLogs(before: Lock, after: Lock): LogChange {
  const [was, is] = [before.log.map(nameOf), after.log.map(nameOf)];
  const missing = before.log.filter((allocation) => !is.includes(nameOf(allocation)));
  const added = after.log.filter((allocation) => !was.includes(nameOf(allocation)));
  const differs = was.findIndex((name, index) => name !== is[index]);
  // All that the older one has is there, and not at the beginning.
  const isReordered = missing.length === 0 && differs !== -1;
  return { missing, added, isReordered };
}

function nameOf({ key, slot, type }: Allocation): string {
  return JSON.stringify([key, slot, type]);
}
