import type { SessionStore, StoredFacts } from "@sessgen/runtime";
import { type Listing, sampleOf } from "./listing.js";
import type { Target } from "./live.js";
import type { Total } from "./progress.js";
import { retiredNames, storedOptions } from "./rewriting.js";
import { runtimeOf } from "./stored-sessions.js";

/** Sizes in bytes: the median, the 95th percentile, the largest. */
export interface Sizes {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** How many sessions, by what they have. */
type Counts = Readonly<Record<string, number>>;

/** What stored sessions are like. Nothing that is in them is in it. */
export interface Census {
  /**
   * An estimate of how many live sessions there are, from their share of the records that were
   * looked at.
   */
  readonly sessions: Total;
  /** How many sessions were looked at. */
  readonly seen: number;
  /** How many of those can be read, and have not reached the end of their absolute lifetime. */
  readonly live: number;
  /** The others, by why. */
  readonly left: Counts;
  readonly formats: Counts;
  /** By the generation of the lock that the newest slot in them is of. */
  readonly generations: Counts;
  /** By the variable of a secret that they are encrypted with. */
  readonly secrets: Counts;
  readonly ages: Counts;
  readonly permanent: number;
  readonly compressed: number;
  /** Of what is stored of a session. */
  readonly bytes: Sizes;
  /** Those that sessions have, the largest first; slots without a field are `slot 7, once cart`. */
  readonly fields: readonly { readonly name: string; readonly sessions: number; readonly bytes: Sizes }[];
}

/** Looks at some sessions, whichever are found first: keys are hashes, so any are as good. */
export async function censusOf(
  target: Target,
  listing: Listing,
  store: SessionStore,
  limit: number,
): Promise<Census> {
  const options = await storedOptions(target);
  const { storedFacts } = await runtimeOf(target);
  const factsOf = storedFacts(options);
  const total = await listing.count?.(target);
  const sample = (await sampleOf(target, listing, store, limit)) ?? { sessions: [], records: 0, isAll: true };
  const retired = await retiredNames(target);
  const now = Date.now();
  const [formats, generations, secrets, ages, left] = [tally(), tally(), tally(), tally(), tally()] as const;
  const bytes: number[] = [];
  const fields = new Map<string, number[]>();
  let [permanent, compressed, live, seen] = [0, 0, 0, 0];
  for (const { key, payload } of sample.sessions) {
    const facts = factsOf(payload, key);
    if (facts === "no-session") continue;
    seen += 1;
    if (typeof facts === "string") {
      left.add(facts);
      continue;
    }
    if (isOver(target, facts, now)) {
      left.add("over");
      continue;
    }
    live += 1;
    formats.add(facts.format ?? "unknown");
    generations.add(facts.generation === undefined ? "none" : String(facts.generation));
    for (const position of facts.secrets)
      secrets.add(target.config.encryption?.secrets[position]?.$env ?? String(position));
    ages.add(ageOf(now - facts.createdAt));
    if (facts.permanent) permanent += 1;
    if (facts.isCompressed) compressed += 1;
    bytes.push(facts.bytes);
    for (const [name, size] of sizesIn(facts, retired)) fields.set(name, [...(fields.get(name) ?? []), size]);
  }
  return {
    sessions: sample.isAll
      ? { count: live, exact: true }
      : { count: Math.round(((total?.count ?? 0) * live) / Math.max(1, sample.records)), exact: false },
    seen,
    live,
    left: left.counts(),
    formats: formats.counts(),
    generations: generations.counts(),
    secrets: secrets.counts(),
    ages: ages.counts(),
    permanent,
    compressed,
    bytes: sizesOf(bytes),
    fields: [...fields]
      .map(([name, sizes]) => ({ name, sessions: sizes.length, bytes: sizesOf(sizes) }))
      .sort((one, other) => other.bytes.max - one.bytes.max),
  };
}

function isOver({ config }: Target, { createdAt, permanent }: StoredFacts, now: number): boolean {
  const { absolute } = permanent ? config.lifetime.permanent : config.lifetime;
  return now >= createdAt + absolute;
}

function sizesIn(
  { fields, unknownSlots }: StoredFacts,
  retired: ReadonlyMap<number, string>,
): readonly (readonly [string, number])[] {
  const called = (slot: number): string => {
    const name = retired.get(slot);
    return name === undefined ? `slot ${slot}` : `slot ${slot}, once ${name}`;
  };
  return [...fields, ...[...unknownSlots].map(([slot, size]) => [called(slot), size] as const)];
}

function sizesOf(given: readonly number[]): Sizes {
  const sorted = [...given].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

/** The names of ages, and what is older than that. */
const AGES: readonly (readonly [string, number])[] = [
  ["under an hour", 3_600_000],
  ["under a day", 86_400_000],
  ["under a week", 7 * 86_400_000],
  ["under 30 days", 30 * 86_400_000],
];

function ageOf(age: number): string {
  return AGES.find(([, end]) => age < end)?.[0] ?? "older";
}

function tally(): { add(name: string): void; counts(): Counts } {
  const counts = new Map<string, number>();
  return {
    add: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    counts: () => Object.fromEntries([...counts].sort(([, one], [, other]) => other - one)),
  };
}
