import type { Entry, Seen } from "./history.js";

/** What must not happen. */
export type Rule =
  | "lost update"
  | "refused update seen"
  | "inexact"
  | "went back"
  | "out of order"
  | "vanished"
  | "login lost"
  | "cookie replaced"
  | "refused without reason"
  | "readable after its end"
  | "several live ids"
  | "somebody else's";

/** Something that must not happen, and the requests that show it. */
export interface Violation {
  readonly rule: Rule;
  readonly session: string;
  readonly detail: string;
  readonly entries: readonly Entry[];
}

type Read = Entry & { readonly seen: Seen };

/**
 * Compares what every request saw of one session with what had been acknowledged before it began,
 * and with what may have happened before it had read. Concurrent requests may be seen or not.
 *
 * @param entries - all requests to the session, in any order
 */
export function checkSession(entries: readonly Entry[]): Violation[] {
  const reads = entries.filter((entry): entry is Read => entry.seen !== undefined);
  return [
    ...checkLife(entries, reads),
    ...checkIdentity(entries, reads),
    ...checkSums(entries, reads, counter),
    ...checkSums(entries, reads, balance),
    ...checkLists(entries, reads),
  ];
}

/**
 * Nothing of it can have happened. Of several sessions that are to be revoked, some may have been.
 */
function isRefused({ kind, outcome }: Entry): boolean {
  return outcome === "gone" || (outcome === "conflict" && kind !== "revoke");
}

/**
 * The whole request had been answered before the other one began. What had no answer may be done at
 * any later time.
 */
function precedes(earlier: Entry, later: Entry): boolean {
  return earlier.outcome !== "unknown" && earlier.end < later.begin;
}

/**
 * A session is there from its first acknowledgement on until somebody ends it, and an id until it
 * is replaced.
 */
function checkLife(entries: readonly Entry[], reads: readonly Read[]): Violation[] {
  const violations: Violation[] = [];
  const report = (rule: Violation["rule"], detail: string, ...shown: Entry[]) =>
    violations.push({ rule, session: shown[0]?.session ?? "", detail, entries: shown });
  const ends = entries.filter(({ kind }) => kind === "logout" || kind === "revoke");
  const moves = entries.filter(({ kind }) => kind === "login" || kind === "regenerate");
  const enders = (id: string) => [...ends, ...moves.filter((move) => move.id === id)];

  for (const read of reads) {
    const over = enders(read.id).find((ender) => ender.outcome === "done" && precedes(ender, read));
    if (over !== undefined)
      report("readable after its end", `id ${read.id} was read after a ${over.kind}`, over, read);
  }
  for (const entry of entries) {
    if (entry.kind === "create" || entry.kind === "revoke") continue;
    const absent = entry.seen === undefined && entry.outcome === "done";
    if (!absent && entry.outcome !== "gone") continue;
    const by = absent ? entry.opened : entry.end;
    if (enders(entry.id).some((ender) => ender !== entry && !isRefused(ender) && ender.opened <= by))
      continue;
    if (absent) report("vanished", `id ${entry.id} was absent, and nobody had ended it`, entry);
    else report("refused without reason", `a ${entry.kind} was told that the session had ended`, entry);
  }
  const finals = entries.filter(({ kind }) => kind === "final");
  const live = finals.filter(({ seen }) => seen !== undefined);
  if (live.length > 1) report("several live ids", `${live.length} ids lead to the session`, ...live);
  // A new id whose request failed is known to nobody, yet the session is stored under it. Where a
  // move was refused, the copy is ended before the client is told: unless the store fails then. It
  // is ended later, and by nobody where the process is killed before.
  const strays = moves.filter((move) => move.outcome === "unknown" || move.storeFailed);
  for (const final of finals) {
    if (final.found === undefined) continue;
    if (final.found > live.length + strays.length)
      report("several live ids", `${final.found} sessions are found, ${live.length} can be opened`, final);
    if (final.found < live.length) report("vanished", "the session is there, and is not found", final);
  }
  return violations;
}

/**
 * An id leads to its session, with the user it was given out to: users change with the id alone.
 */
function checkIdentity(entries: readonly Entry[], reads: readonly Read[]): Violation[] {
  const violations: Violation[] = [];
  const givenOut = new Map(entries.flatMap((entry) => (entry.to === undefined ? [] : [[entry.to, entry]])));
  const userOf = (id: string): string | undefined => {
    let giver = givenOut.get(id);
    while (giver?.kind === "regenerate") giver = givenOut.get(giver.id);
    return giver?.user;
  };
  for (const read of reads) {
    const { seen, session, id } = read;
    const user = userOf(id);
    if (seen.label === session && seen.user === user) continue;
    const detail = `session ${seen.label} of ${seen.user}, not ${session} of ${user}`;
    violations.push({ rule: "somebody else's", session, detail, entries: [read] });
  }
  return violations;
}

/** A number that requests add to. */
interface Sum {
  readonly name: string;
  addedBy(entry: Entry): number | undefined;
  seenBy(read: Read): number;
}

const counter: Sum = {
  name: "counter",
  addedBy: ({ increment }) => increment,
  seenBy: ({ seen }) => seen.count,
};
const balance: Sum = { name: "balance", addedBy: ({ spend }) => spend, seenBy: ({ seen }) => seen.balance };

/** It is at least what was acknowledged before, at most what was begun, and never goes back. */
function checkSums(entries: readonly Entry[], reads: readonly Read[], sum: Sum): Violation[] {
  const violations: Violation[] = [];
  const { name, addedBy, seenBy } = sum;
  const additions = entries.filter((entry) => addedBy(entry) !== undefined);
  const acknowledged = new Sums(
    additions.filter(({ outcome }) => outcome === "done"),
    addedBy,
    ({ end }) => end,
  );
  const possible = new Sums(
    additions.filter((entry) => !isRefused(entry)),
    addedBy,
    ({ opened }) => opened,
  );
  const byReading = [...reads].sort((a, b) => a.opened - b.opened);
  let next = 0;
  let highest: Read | undefined;
  for (const read of [...reads].sort((a, b) => a.begin - b.begin)) {
    for (
      let before = byReading[next];
      before !== undefined && before.opened < read.begin;
      before = byReading[next]
    ) {
      if (highest === undefined || seenBy(before) > seenBy(highest)) highest = before;
      next += 1;
    }
    const report = (rule: Violation["rule"], detail: string, ...shown: Entry[]) =>
      violations.push({ rule, session: read.session, detail, entries: [...shown, read] });
    const seen = seenBy(read);
    const least = acknowledged.before(read.begin);
    const most = possible.before(read.opened + 1);
    if (seen < least) report("lost update", `the ${name} is ${seen}, and ${least} had been acknowledged`);
    else if (highest !== undefined && seen < seenBy(highest))
      report("went back", `the ${name} is ${seen}, and had been ${seenBy(highest)}`, highest);
    if (seen > most) report("refused update seen", `the ${name} is ${seen}, and ${most} had been asked for`);
  }
  return violations;
}

/** Sums of additions by time. */
class Sums {
  readonly #times: readonly number[];
  readonly #sums: readonly number[];

  constructor(entries: readonly Entry[], addedBy: Sum["addedBy"], timeOf: (entry: Entry) => number) {
    const sorted = [...entries].sort((a, b) => timeOf(a) - timeOf(b));
    let sum = 0;
    this.#times = sorted.map(timeOf);
    this.#sums = sorted.map((entry) => {
      sum += addedBy(entry) ?? 0;
      return sum;
    });
  }

  /** Of all whose time is less. */
  before(time: number): number {
    let [from, to] = [0, this.#times.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#times[middle] ?? 0) < time) from = middle + 1;
      else to = middle;
    }
    return this.#sums[from - 1] ?? 0;
  }
}

/**
 * Acknowledged elements are in their list until their removal, once; refused ones are not; the log
 * is in order of time.
 */
function checkLists(entries: readonly Entry[], reads: readonly Read[]): Violation[] {
  const violations: Violation[] = [];
  const appends = byElement(entries, ({ append }) => append);
  const additions = byElement(entries, ({ add }) => add);
  const removals = entries.filter((entry) => entry.remove !== undefined && !isRefused(entry));
  for (const read of reads) {
    const { log, items } = read.seen;
    const report = (rule: Violation["rule"], detail: string, ...shown: Entry[]) =>
      violations.push({ rule, session: read.session, detail, entries: [...shown, read] });
    if (log !== undefined) {
      checkElements("log", log, appends, read, report);
      let latest: Entry | undefined;
      for (const element of log) {
        const append = appends.get(element);
        if (append === undefined) continue;
        if (latest !== undefined && precedes(append, latest))
          report("out of order", `element ${element} stands behind a later one in the log`, append, latest);
        if (latest === undefined || append.begin > latest.begin) latest = append;
      }
    }
    if (items !== undefined) {
      const mayBeGone = new Set(
        removals.filter(({ opened }) => opened <= read.opened).map(({ remove }) => remove),
      );
      checkElements("items", items, additions, read, report, mayBeGone);
      const present = new Set(items);
      for (const removal of removals) {
        if (removal.outcome !== "done" || !precedes(removal, read) || !present.has(removal.remove ?? -1))
          continue;
        if (mayComeBack(additions.get(removal.remove ?? -1), removal)) continue;
        report("lost update", `element ${removal.remove} had been removed from the items`, removal);
      }
    }
  }
  return violations;
}

/**
 * Merged again by a request that had no answer, it comes back: a union may be repeated, by intent.
 */
function mayComeBack(addition: Entry | undefined, removal: Entry): boolean {
  if (addition === undefined) return false;
  return addition.intent === true || (addition.again === true && addition.end >= removal.begin);
}

function checkElements(
  list: string,
  elements: readonly number[],
  origins: ReadonlyMap<number, Entry>,
  read: Read,
  report: (rule: Violation["rule"], detail: string, ...shown: Entry[]) => void,
  mayBeGone: ReadonlySet<number | undefined> = new Set(),
): void {
  const present = new Set(elements);
  if (present.size < elements.length)
    report("refused update seen", `an element is in the ${list} more than once: ${elements}`);
  for (const element of present) {
    const origin = origins.get(element);
    if (origin === undefined) report("somebody else's", `nobody put element ${element} into the ${list}`);
    else if (isRefused(origin) || origin.opened > read.opened)
      report("refused update seen", `element ${element} is in the ${list}, and was refused`, origin);
  }
  for (const [element, origin] of origins) {
    if (origin.outcome !== "done" || !precedes(origin, read)) continue;
    if (present.has(element) || mayBeGone.has(element)) continue;
    report("lost update", `element ${element} is missing from the ${list}`, origin);
  }
}

function byElement(
  entries: readonly Entry[],
  elementOf: (entry: Entry) => number | undefined,
): ReadonlyMap<number, Entry> {
  return new Map(
    entries.flatMap((entry) => {
      const element = elementOf(entry);
      return element === undefined ? [] : [[element, entry]];
    }),
  );
}
