import { join } from "node:path";
import type { History } from "../backends/sql/history.js";
import { readHistory } from "../backends/sql/read-history.js";
import { readToolFolders } from "../backends/sql/tool-folder.js";
import type { CommonOptions } from "../cli/report.js";
import { loadMorph } from "../code/morph.js";
import { type Catalog, dialectsOf } from "../config/catalog.js";
import { type LoadedConfig, loadConfig } from "../config/load.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { Envelope } from "../errors.js";
import { compact } from "../lock/compact.js";
import { existingLock } from "../lock/existing.js";
import { type Allocation, type Lock, newLock } from "../lock/lock.js";
import { snapshotOf } from "../lock/snapshot.js";
import { updateLock, type Watching } from "../lock/update.js";
import { committedLocks } from "../lock/versions.js";
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
  /** As it is to be written, with its snapshot. */
  readonly lock: Lock;
  /** The text of the lock that is there. */
  readonly lockText: string | undefined;
  readonly history: History;
  readonly warnings: readonly Envelope[];
  /** With `compact`: what was taken out of the lock. */
  readonly givenBack: readonly Allocation[];
  /** This run made the application id. */
  readonly isNewApplication: boolean;
}

/** What the plan is made by. */
export interface PrepareOptions extends CommonOptions {
  readonly renumber?: readonly string[];
  /** Makes an application id where there is no lock yet; absent: that is an error. */
  readonly mayBegin?: boolean;
  readonly watching?: Watching;
  /** Takes out of the lock what was never committed and is not in the schema. */
  readonly compact?: boolean;
}

/**
 * Makes config, model, lock and plan, and finds how the plan differs from what is there. Reads,
 * never writes.
 */
export async function prepare(options: PrepareOptions, catalog: Catalog): Promise<Prepared> {
  const loading = loadConfig(options, catalog);
  // tsx transforms the config in a thread of its own; meanwhile this one loads what the plan is
  // going to need.
  setImmediate(loadMorph);
  const loaded = await loading;
  const { config } = loaded;
  const built = await buildModel(config, catalog);
  const lockText = await readIfPresent(join(config.root, config.lock));
  const path = join(config.root, config.lock);
  const read = previousLock(lockText, config, options);
  const { lock: previous, givenBack } = options.compact
    ? compact(built.model, read, await committedLocks(read, path))
    : { lock: read, givenBack: [] };
  const { model, lock: allocated } = await updateLock(built.model, previous, {
    file: config.lock,
    path,
    ...(options.renumber && { renumber: options.renumber }),
    ...(options.watching && { watching: options.watching }),
    isCompacted: givenBack.length > 0,
  });
  const lock = { ...allocated, snapshot: snapshotOf(config, model, catalog, previous.snapshot) };
  const dialects = dialectsOf(catalog);
  const [history, toolFolders] = await Promise.all([
    readHistory(config, dialects),
    readToolFolders(config, dialects),
  ]);
  const artifacts = await plan({ config, model, lock, history, toolFolders, catalog });
  const manifest = readManifest(await readIfPresent(join(config.root, config.output, manifestName)));
  const changes = await compare(config.root, artifacts, manifest, config.output);
  const isNewApplication = lockText === undefined;
  return {
    loaded,
    artifacts,
    manifest,
    changes,
    lock,
    lockText,
    history,
    givenBack,
    isNewApplication,
    warnings: [...loaded.warnings, ...built.warnings],
  };
}

function previousLock(
  text: string | undefined,
  { lock: file }: ResolvedConfig,
  options: PrepareOptions,
): Lock {
  if (text === undefined && options.mayBegin) return newLock();
  return existingLock(text, file, { renumber: options.renumber ?? [] });
}
