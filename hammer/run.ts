import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSession, type Violation } from "./check.js";
import { runCrew } from "./crew.js";
import { readHistory } from "./history.js";
import { hammerStores } from "./stores.js";
import { makePlace, removePlace } from "./tables.js";

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
}

export interface HammerResult {
  readonly operations: number;
  readonly acknowledged: number;
  /** How often somebody else had written first, and the changes were merged. */
  readonly merged: number;
  /** `session/gone` and `session/conflict`. */
  readonly refused: number;
  /** `store/…`: nobody knows what has become of them. */
  readonly unknown: number;
  readonly violations: readonly Violation[];
  /** From the first request to the last, in milliseconds. */
  readonly took: number;
  /** The folder with the history, kept when there are violations. */
  readonly history?: string;
}

/** Lets clients in several processes work on a few sessions at once, and checks what they were told. */
export async function hammer(options: HammerOptions): Promise<HammerResult> {
  const { store, url, clients, operations, seed, unconditional = false } = options;
  const history = mkdtempSync(join(tmpdir(), "sessgen-history-"));
  let keep = false;
  try {
    const target = await makePlace(store, url);
    try {
      const processes = hammerStores[store]?.local ? 1 : Math.min(options.processes, clients);
      const common = { store, target, history, clients, seed, unconditional };
      const requests = Math.ceil(operations / clients);
      const places = Math.max(2, Math.ceil(clients / CLIENTS_PER_PLACE));
      const plans = Array.from({ length: processes }, (_, process) => ({
        ...common,
        process,
        requests,
        places,
        own: Array.from({ length: clients }, (_, client) => client).filter(
          (client) => client % processes === process,
        ),
      }));
      const merged = await runCrew(plans);
      const result = { ...evaluate(history), merged };
      keep = result.violations.length > 0;
      return keep ? { ...result, history } : result;
    } finally {
      await removePlace(store, target);
    }
  } finally {
    if (!keep) rmSync(history, { recursive: true, force: true });
  }
}

function evaluate(history: string): Omit<HammerResult, "merged" | "history"> {
  const outcomes = { done: 0, gone: 0, conflict: 0, unknown: 0 };
  const violations: Violation[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const entries of readHistory(history)) {
    for (const { kind, outcome, begin, end } of entries) {
      if (kind === "final") continue;
      outcomes[outcome] += 1;
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
    violations,
    took: (last - first) / 1000,
  };
}
