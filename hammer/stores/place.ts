import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hammerStores } from "./index.js";
import type { Target } from "./store.js";

let runs = 0;

/** Makes a place for the sessions of one run, used by nobody else. */
export async function makePlace(store: string, url: string): Promise<Target> {
  runs += 1;
  const name = `hammer_${process.pid}_${Date.now()}_${runs}`;
  const target = { url, name, folder: await mkdtemp(join(tmpdir(), "sessgen-hammer-")) };
  await hammerStores[store]?.make?.(target);
  return target;
}

/** Removes it again. */
export async function removePlace(store: string, target: Target): Promise<void> {
  await hammerStores[store]?.drop?.(target);
  rmSync(target.folder, { recursive: true, force: true });
}
