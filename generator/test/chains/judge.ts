import { rm, writeFile } from "node:fs/promises";
import type { SessionStore, WriteOptions } from "@sessgen/runtime";
import { SessgenError } from "../../src/errors.js";
import { partsOf, secrets, shared, version } from "../changes/versions.js";
import { makeFolder } from "../emit/module/emitted.js";
import { type Chain, makeChain } from "./chain.js";
import { Warnings } from "./covered.js";
import { type Counts, Play, type Player } from "./play.js";
import type { Recipe } from "./recipes.js";
import { configText, type Schema, upcastModule } from "./schema.js";

/** What was looked at. */
export interface Tally extends Counts {
  chains: number;
  /** Chains that the generator refuses, by the code of its error. */
  readonly impossible: Map<string, number>;
  /** How often each kind of change was in a chain. */
  readonly kinds: Map<string, number>;
}

/** Begins to count. */
export function newTally(): Tally {
  return {
    chains: 0,
    reads: 0,
    warned: 0,
    writes: 0,
    refused: 0,
    beside: 0,
    merged: 0,
    strangers: 0,
    begun: 0,
    found: 0,
    unsure: 0,
    impossible: new Map(),
    kinds: new Map(),
  };
}

/**
 * Emits all versions of a chain and has them use each of the stores.
 * @param silenced - rules of the gate that say nothing, to see that it matters
 * @throws Error when something is lost that was not named, or confused, with all that leads there
 */
export async function judge(
  recipe: Recipe,
  stores: ReadonlyMap<string, SessionStore>,
  tally: Tally,
  silenced: ReadonlySet<string> = new Set(),
): Promise<void> {
  let chain: Chain;
  try {
    chain = await makeChain(recipe);
  } catch (error) {
    if (!(error instanceof SessgenError)) throw error;
    count(tally.impossible, `${error.code}: ${error.message.split("\n", 1)[0]}`);
    return;
  }
  tally.chains += 1;
  for (const kind of chain.kinds) count(tally.kinds, kind);
  const warnings = new Warnings(
    chain.schemas,
    chain.drafts.map(({ lock }) => lock),
    silenced,
  );
  Object.assign(process.env, secrets);
  const folder = await makeFolder("chains");
  let play: Play | undefined;
  let where = "";
  try {
    await writeFile(`${folder}/upcasts.ts`, upcastModule);
    const turns = new Turns();
    let later = 0;
    shared.set(folder, { store: turns.store, clock: () => Date.now() + later });
    const wait = (): void => {
      later += 5000;
    };
    const players: Player[] = [];
    for (const [index, draft] of chain.drafts.entries()) {
      const { sessions } = await version(folder, `v${index}`, draft, new Map(), partsOf(folder));
      players.push({ schema: chain.schemas[index] as Schema, sessions });
    }
    for (const [name, store] of stores) {
      where = name;
      turns.turnTo(store);
      // What processes have read of the store before does not hold for this one.
      wait();
      for (const operations of recipe.sessions) {
        const isIndexed = name === "memory" || name === "redis";
        const written = (): number => turns.written;
        play = new Play(players, { warnings, counts: tally, isIndexed, wait, written });
        await play.run(operations);
      }
    }
  } catch (cause) {
    const versions = chain.schemas.map((schema, index) => `v${index}: ${configText(schema)}`);
    const log = play?.log ?? [];
    const text = [`${where}: ${String(cause)}`, ...versions, ...log].join("\n");
    throw new Error(text, { cause });
  } finally {
    shared.delete(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** A store that is one store after the other: what is emitted knows of one. */
class Turns {
  #current: SessionStore | undefined;
  /** How often something was written under the key of a session. */
  written = 0;

  turnTo(store: SessionStore): void {
    this.#current = store;
  }

  /** Tables have no columns for fields that are made at random. */
  #withoutIndex(options: object): object {
    const { index: _, keeps: __, ...others } = options as WriteOptions;
    return others;
  }

  readonly store = new Proxy({} as SessionStore, {
    get: (_target, name) => {
      const own: unknown = Reflect.get(Object(this.#current), name);
      if (typeof own !== "function") return own;
      if (name !== "write" && name !== "touch") return own.bind(this.#current);
      const isTable = ["sqlite", "postgres"].includes(this.#current?.kind ?? "");
      return (...given: readonly unknown[]): unknown => {
        if (name === "write" && /^.{8}\..{43}$/.test(String(given[0]))) this.written += 1;
        const taken = given.map((one) =>
          isTable && typeof one === "object" && one !== null && !ArrayBuffer.isView(one)
            ? this.#withoutIndex(one)
            : one,
        );
        return own.apply(this.#current, taken);
      };
    },
    has: (_target, name) => Reflect.has(Object(this.#current), name),
  });
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
