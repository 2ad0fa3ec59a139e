import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionStore } from "@sessgen/runtime";
import { hammerStores } from "../../../hammer/stores/index.js";
import type { Target } from "../../../hammer/stores/store.js";

/** Stores that chains are played on, by their names. */
export interface Opened {
  readonly stores: ReadonlyMap<string, SessionStore>;
  close(): Promise<void>;
}

/** Opens stores, each empty. @param names - with the addresses of their servers */
export async function openStores(names: ReadonlyMap<string, string>): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-chains-"));
  const stores = new Map<string, SessionStore>();
  const done: (() => unknown)[] = [];
  for (const [name, url] of names) {
    const kind = hammerStores[name];
    if (kind === undefined) throw new Error(`There is no store ${name}`);
    const target: Target = { url, folder, name: `chains_${process.pid}` };
    await kind.make?.(target);
    const store = kind.open(target);
    stores.set(name, store);
    done.push(
      () => store.close?.(),
      () => kind.drop?.(target),
    );
  }
  return {
    stores,
    close: async () => {
      for (const step of done) await step();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
