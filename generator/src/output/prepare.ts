import { join } from "node:path";
import type { History } from "../backends/sql/history.js";
import { readHistory } from "../backends/sql/read-history.js";
import type { CommonOptions } from "../cli/report.js";
import { loadMorph } from "../code/morph.js";
import { type Catalog, dialectsOf } from "../config/catalog.js";
import { type LoadedConfig, loadConfig } from "../config/load.js";
import type { Envelope } from "../errors.js";
import { applyLock } from "../lock/apply.js";
import { emptyLock } from "../lock/lock.js";
import { readLock } from "../lock/text.js";
import { buildModel } from "../model/build.js";
import type { Artifact } from "./artifact.js";
import { type Change, compare, readIfPresent } from "./compare.js";
import { type Manifest, manifestName, readManifest } from "./manifest.js";
import { plan } from "./plan.js";

/** What `generate`, `check` and `--dry-run` all begin with. */
export interface Prepared {
  readonly loaded: LoadedConfig;
  readonly artifacts: readonly Artifact[];
  readonly manifest: Manifest;
  readonly changes: readonly Change[];
  readonly history: History;
  readonly warnings: readonly Envelope[];
}

/** Config, model, lock, plan, and how the plan differs from what is there. Reads, never writes. */
export async function prepare(
  options: CommonOptions & { readonly renumber?: readonly string[] },
  catalog: Catalog,
): Promise<Prepared> {
  const loading = loadConfig(options, catalog);
  // tsx transforms the config in a thread of its own; meanwhile this one loads what the plan is going to need.
  setImmediate(loadMorph);
  const loaded = await loading;
  const { config } = loaded;
  const built = await buildModel(config, catalog);
  const lockText = await readIfPresent(join(config.root, config.lock));
  const previous = lockText === undefined ? emptyLock : readLock(lockText, config.lock);
  const { model, lock } = applyLock(built.model, previous, {
    file: config.lock,
    renumber: options.renumber ?? [],
  });
  const history = await readHistory(config, dialectsOf(catalog));
  const artifacts = await plan({ config, model, lock, history, catalog });
  const manifest = readManifest(await readIfPresent(join(config.root, config.output, manifestName)));
  const changes = await compare(config.root, artifacts, manifest);
  return { loaded, artifacts, manifest, changes, history, warnings: [...loaded.warnings, ...built.warnings] };
}
