import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSession, type Violation } from "./check.js";
import { runCrew } from "./crew.js";
import { disturb, type Fault, impossible } from "./faults.js";
import { readHistory } from "./history.js";
import { hammerStores } from "./stores/index.js";
import { makePlace, removePlace } from "./stores/place.js";

/** So many clients share one session on average: enough to be in each other's way all the time. */
const CLIENTS_PER_PLACE = 4;

export interface HammerOptions {
  /** As in stores.ts. */
  readonly store: string;
  /** The address of its server; empty where it needs none. */
  readonly url: string;
  readonly clients: number;
  readonly operations: number;
  readonly processes: number;
  /** What the clients do follows from it; when they do it does not. */
  readonly seed: number;
  /** Switches conditional writes off. */
  readonly unconditional?: boolean;
  /** Writes sessions anew all the while, as `sessgen backfill` does. */
  readonly backfill?: boolean;
  /** What goes wrong meanwhile. With `kill-server` the run starts a server of its own. */
  readonly faults?: readonly Fault[];
}

export interface HammerResult {
  readonly operations: number;
  readonly acknowledged: number;
  /** How often somebody else had written first, and the changes were merged. */
  readonly merged: number;
  /** Sessions that were written anew meanwhile. */
  readonly rewritten: number;
  /** `session/gone` and `session/conflict`. */
  readonly refused: number;
  /** `store/…`: nobody knows what has become of them. */
  readonly unknown: number;
  /** Of those: how many were told `session/unclear` or `session/lock-unclear`. */
  readonly unclear: number;
  readonly violations: readonly Violation[];
  /**
   * How often a process of clients was killed, the server was killed, a connection was cut, an
   * operation of the store was made to fail.
   */
  readonly disturbances: number;
  /** From the first request to the last, in milliseconds. */
  readonly took: number;
  /** The folder with the history, kept when there are violations. */
  readonly history?: string;
}

/**
 * Lets clients in several processes work on a few sessions at once, and checks what they were told.
 */
export async function hammer(options: HammerOptions): Promise<HammerResult> {
  const { store, clients, operations, seed, unconditional = false, backfill = false, faults = [] } = options;
  for (const fault of faults) {
    const reason = impossible(store, fault);
    if (reason !== undefined) throw new Error(`No ${fault}: ${reason}`);
  }
  const history = mkdtempSync(join(tmpdir(), "sessgen-history-"));
  let keep = false;
  try {
    const disturbance = await disturb(store, options.url, faults, operations, seed);
    const place = await makePlace(store, disturbance.direct);
    try {
      const target = { ...place, url: disturbance.url };
      const processes = hammerStores[store]?.local ? 1 : Math.min(options.processes, clients);
      const mortal = faults.includes("kill-client");
      const disturbed = faults.length > 0;
      const failing = faults.includes("operations");
      const common = {
        store,
        target,
        history,
        clients,
        seed,
        unconditional,
        mortal,
        disturbed,
        failing,
        backfill,
      };
      const requests = Math.ceil(operations / clients);
      const places = Math.max(2, Math.ceil(clients / CLIENTS_PER_PLACE));
      const plans = Array.from({ length: processes }, (_, process) => ({
        ...common,
        process,
        generation: 0,
        requests,
        places,
        own: Array.from({ length: clients }, (_, client) => client).filter(
          (client) => client % processes === process,
        ),
      }));
      const { conflicts: merged, failures, rewritten } = await runCrew(plans, disturbance);
      const { cuts, serverKills } = disturbance.counts();
      const disturbances = cuts + serverKills + failures + processes * disturbance.clientKills;
      const result = { ...evaluate(history), merged, rewritten, disturbances };
      keep = result.violations.length > 0;
      return keep ? { ...result, history } : result;
    } finally {
      await removePlace(store, place);
      await disturbance.stop();
    }
  } finally {
    if (!keep) rmSync(history, { recursive: true, force: true });
  }
}

function evaluate(history: string): Omit<HammerResult, "merged" | "rewritten" | "disturbances" | "history"> {
  const outcomes = { done: 0, gone: 0, conflict: 0, unknown: 0 };
  const violations: Violation[] = [];
  let unclear = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const entries of readHistory(history)) {
    for (const { kind, outcome, begin, end, ...entry } of entries) {
      if (kind === "final") continue;
      outcomes[outcome] += 1;
      if (entry.unclear) unclear += 1;
      first = Math.min(first, begin);
      last = Math.max(last, end);
    }
    for (const violation of checkSession(entries)) violations.push(violation);
  }
  const { done, gone, conflict, unknown } = outcomes;
  return {
    operations: done + gone + conflict + unknown,
    acknowledged: done,
    refused: gone + conflict,
    unknown,
    unclear,
    violations,
    took: (last - first) / 1000,
  };
}
