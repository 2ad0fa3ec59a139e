import { setTimeout as pause } from "node:timers/promises";
import { attacksOn } from "./attacks.js";
import { Random } from "./random.js";
import { emitted, loose } from "./target.js";

export interface FuzzOptions {
  /** How many attacks are run. */
  readonly cases: number;
  readonly seed: number;
  /** The first case; with `cases: 1`, one that failed before is run again. */
  readonly from?: number;
  /** Collects garbage, so that growth can be told from garbage. */
  readonly collect?: () => void;
  /** Called before each case. */
  readonly onCase?: (number: number) => void;
}

export interface FuzzReport {
  /** How many cases each kind of attack had. */
  readonly cases: ReadonlyMap<string, number>;
  /** Bytes in use after a tenth of the cases, and at the end. */
  readonly heap: { readonly before: number; readonly after: number };
}

/**
 * Runs attacks one after the other, each from its own number.
 * @throws Error with the number of the case and the kind of attack when one succeeded
 */
export async function fuzz({ cases, seed, from = 0, collect, onCase }: FuzzOptions): Promise<FuzzReport> {
  const attacks = [
    ...(await attacksOn(emitted)).map((attack) => ({ ...attack, on: emitted.name })),
    ...(await attacksOn(loose)).map((attack) => ({ ...attack, on: loose.name })),
  ];
  const counts = new Map<string, number>();
  let before = 0;
  for (let number = from; number < from + cases; number += 1) {
    onCase?.(number);
    const attack = attacks[number % attacks.length];
    if (attack === undefined) continue;
    const name = `${attack.on}: ${attack.name}`;
    try {
      await attack.run(new Random(seed, number));
    } catch (cause) {
      throw new Error(`Case ${number} of seed ${seed} (${name}): ${String(cause)}`, { cause });
    }
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (number - from === Math.floor(cases / 10)) before = await inUse(collect);
  }
  return { cases: counts, heap: { before, after: await inUse(collect) } };
}

async function inUse(collect: (() => void) | undefined): Promise<number> {
  if (collect !== undefined) {
    // Until their time is up, the deadlines of operations long done are still there.
    await pause(2_500);
    // What weak references and finalizers held goes in later turns only.
    for (let round = 0; round < 5; round += 1) {
      collect();
      await pause(20);
    }
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
