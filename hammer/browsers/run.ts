import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionStore } from "../../runtime/src/index.js";
import { failing } from "../failing.js";
import { disturb, type Fault, impossible } from "../faults.js";
import { now } from "../history.js";
import { noteFailures } from "../meanwhile.js";
import { Random } from "../random.js";
import { hammerStores } from "../stores/index.js";
import { makePlace, removePlace } from "../stores/place.js";
import { traceless } from "../traceless.js";
import { unconditional } from "../unconditional.js";
import { Browser, look } from "./browser.js";
import { checkBrowser } from "./check.js";
import { HOUSES, settleTown, type Town } from "./houses.js";
import { idIn } from "./jar.js";
import type { BrowserViolation } from "./violation.js";
import type { Visit } from "./visits.js";

export interface BrowsingOptions {
  /** As in stores.ts. */
  readonly store: string;
  /** The address of its server; empty where it needs none. */
  readonly url: string;
  /** Browsers in all; as many in each house. */
  readonly clients: number;
  readonly operations: number;
  readonly seed: number;
  /** Switches conditional writes off. */
  readonly unconditional?: boolean;
  /** Leaves no traces where sessions were. */
  readonly traceless?: boolean;
  readonly faults?: readonly Fault[];
}

export interface BrowsingResult {
  readonly operations: number;
  readonly acknowledged: number;
  /** How often somebody else had written first, and the changes were merged. */
  readonly merged: number;
  readonly refused: number;
  /** What was counted in a GET and dropped. */
  readonly dropped: number;
  readonly unknown: number;
  readonly unclear: number;
  readonly violations: readonly BrowserViolation[];
  readonly disturbances: number;
  /** From the first request to the last, in milliseconds. */
  readonly took: number;
  /** The folder with the history, kept when there are violations. */
  readonly history?: string;
}

/** Why browsers cannot have that fault; `undefined`: they can. */
export function impossibleForBrowsers(store: string, fault: Fault): string | undefined {
  if (fault === "kill-client") return "all browsers live in one process";
  return impossible(store, fault);
}

/** Lets browsers of several houses use one store at once, and checks what they were told. */
export async function browse(options: BrowsingOptions): Promise<BrowsingResult> {
  const { store, operations, seed, faults = [] } = options;
  const definition = hammerStores[store];
  if (definition === undefined) throw new Error(`There is no store ${store}`);
  for (const fault of faults) {
    const reason = impossibleForBrowsers(store, fault);
    if (reason !== undefined) throw new Error(`No ${fault}: ${reason}`);
  }
  const disturbance = await disturb(store, options.url, faults, operations, seed);
  const place = await makePlace(store, disturbance.direct);
  try {
    const opened = definition.open({ ...place, url: disturbance.url });
    const chosen = weakened(opened, options);
    const faulty = faults.includes("operations") ? failing(chosen, new Random(seed + 1)) : undefined;
    const calm = async (): Promise<void> => {
      await disturbance.calm();
      await faulty?.calm();
    };
    const run = await visitAll(options, faulty?.store ?? chosen, disturbance.onRequest, calm);
    const { cuts, serverKills } = disturbance.counts();
    return evaluate(run, cuts + serverKills + (faulty?.failures ?? 0));
  } finally {
    await removePlace(store, place);
    await disturbance.stop();
  }
}

function weakened(store: SessionStore, options: BrowsingOptions): SessionStore {
  if (options.traceless) return traceless(store);
  return options.unconditional ? unconditional(store) : store;
}

interface Run {
  readonly visits: ReadonlyMap<string, readonly Visit[]>;
  readonly merged: number;
}

async function visitAll(
  { store, clients, operations, seed }: BrowsingOptions,
  shared: SessionStore,
  onRequest: () => void,
  calm: () => Promise<void>,
): Promise<Run> {
  const lookup = hammerStores[store]?.noIndex !== true;
  const visits = new Map<string, Visit[]>();
  const record = (visit: Visit): void => {
    visits.set(visit.browser, [...(visits.get(visit.browser) ?? []), visit]);
    onRequest();
  };
  const town = await settleTown(shared);
  let merged = 0;
  for (const server of town.servers.flat()) {
    noteFailures(server);
    server.on("conflict", () => {
      merged += 1;
    });
  }
  const perHouse = Math.max(1, Math.ceil(clients / HOUSES));
  const browsers = Array.from({ length: perHouse * HOUSES }, (_, each) => {
    const random = (request: number) => new Random(seed + each * 100_003 + request * 7);
    return new Browser(
      Math.floor(each / HOUSES),
      each % HOUSES,
      { servers: town.servers, lookup, record },
      random,
    );
  });
  await Promise.all(browsers.map((browser) => browser.run(Math.ceil(operations / browsers.length))));
  await calm();
  await conclude(town, browsers, visits, lookup);
  await shared.close();
  return { visits, merged };
}

/** Tries every id that was given out, when a house without sessions has ended all that it can. */
async function conclude(
  town: Town,
  browsers: readonly Browser[],
  visits: Map<string, Visit[]>,
  lookup: boolean,
): Promise<void> {
  const labels = new Set([...visits.values()].flat().flatMap(({ label }) => label ?? []));
  const foreign = await persistently(() => town.leaveAlone(lookup ? [...labels].slice(0, 20) : []));
  for (const browser of browsers) {
    const own = visits.get(browser.name) ?? [];
    visits.set(browser.name, own);
    const server = town.servers[Number(browser.name.split(".", 1)[0])]?.[0];
    if (server === undefined) continue;
    const time = now();
    const common = {
      browser: browser.name,
      begin: time,
      opened: time,
      ended: time,
      arrived: time,
      outcome: "done" as const,
    };
    for (const cookie of new Set(browser.cookies)) {
      const session = await persistently(() => server.open(cookie, { method: "GET" }));
      own.push({
        ...common,
        kind: "final",
        id: idIn(cookie),
        ...(!session.$isNew && { found: look(session) }),
      });
    }
    if (foreign !== undefined) own.push({ ...common, kind: "find", foreign });
    if (!lookup) continue;
    for (const label of new Set(own.flatMap(({ label }) => label ?? []))) {
      const sessions = await persistently(() => server.count("label", label));
      own.push({ ...common, kind: "tally", label, sessions });
    }
  }
}

/** Connections that were cut may be noticed only now. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function evaluate({ visits, merged }: Run, disturbances: number): BrowsingResult {
  const counts = { done: 0, refused: 0, dropped: 0, unknown: 0 };
  const violations: BrowserViolation[] = [];
  let [unclear, first, last] = [0, Number.POSITIVE_INFINITY, 0];
  for (const own of visits.values()) {
    for (const visit of own) {
      if (visit.kind === "final" || visit.kind === "tally") continue;
      counts[visit.outcome] += 1;
      if (visit.unclear) unclear += 1;
      first = Math.min(first, visit.begin);
      last = Math.max(last, visit.arrived);
    }
    violations.push(...checkBrowser(own));
  }
  const { done, refused, dropped, unknown } = counts;
  const result = {
    operations: done + refused + dropped + unknown,
    acknowledged: done + dropped,
    merged,
    refused,
    dropped,
    unknown,
    unclear,
    violations,
    disturbances,
    took: (last - first) / 1000,
  };
  return violations.length === 0 ? result : { ...result, history: keep(visits) };
}

/** A file for each browser, a line for each visit. */
function keep(visits: Run["visits"]): string {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-history-"));
  try {
    for (const [browser, own] of visits) {
      const lines = [...own].sort((a, b) => a.begin - b.begin).map((visit) => JSON.stringify(visit));
      writeFileSync(join(folder, `${browser}.jsonl`), `${lines.join("\n")}\n`);
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}
