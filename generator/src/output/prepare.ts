import { join } from "node:path";
import type { History } from "../backends/sql/history.js";
import { readHistory } from "../backends/sql/read-history.js";
import { readToolFolders } from "../backends/sql/tool-folder.js";
import type { CommonOptions } from "../cli/report.js";
import { loadMorph } from "../code/morph.js";
import { type Catalog, dialectsOf } from "../config/catalog.js";
import { type LoadedConfig, loadConfig } from "../config/load.js";
import type { Envelope } from "../errors.js";
import { compact } from "../lock/compact.js";
import { divergence } from "../lock/deployed.js";
import { type Allocation, type Lock, newLock } from "../lock/lock.js";
import { type Previous, previousLock } from "../lock/previous.js";
import { snapshotOf } from "../lock/snapshot.js";
import { printLock } from "../lock/text.js";
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
  /** What became of a lock that was merged; true of this run alone. */
  readonly merge: Merge;
  /** With `compact`: what was taken out of the lock. */
  readonly givenBack: readonly Allocation[];
  /** This run made the application id. */
  readonly isNewApplication: boolean;
}

/** What is to be said of a merge. */
export interface Merge {
  readonly warnings: readonly Envelope[];
  readonly lines: readonly string[];
  /** What git calls the commit that is deployed, whose lock went on. */
  readonly onto?: string;
}

/** What the plan is made by. */
export interface PrepareOptions extends CommonOptions {
  readonly renumber?: readonly string[];
  /** The branch, tag or commit that is deployed, where git does not tell. */
  readonly deployed?: string;
  /** Compares with what is deployed even if the lock stays as it is. */
  readonly looksForDeployed?: boolean;
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
  const where = { file: config.lock, path };
  const read = await readPrevious(lockText, where, options);
  const { lock: previous, givenBack } = options.compact
    ? compact(built.model, read.lock, await committedLocks(read.lock, path))
    : { lock: read.lock, givenBack: [] };
  const { model, lock: allocated } = await updateLock(built.model, previous, {
    ...where,
    ...(options.renumber && { renumber: options.renumber }),
    ...(options.watching && { watching: options.watching }),
    isCompacted: givenBack.length > 0 || read.lacksEntries === true,
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
    merge: await mergeOf(read, lock, lockText, where, options),
    givenBack,
    isNewApplication,
    warnings: [...loaded.warnings, ...built.warnings],
  };
}

/** The lock file, as messages name it and as an absolute path. */
interface Where {
  readonly file: string;
  readonly path: string;
}

async function readPrevious(
  text: string | undefined,
  where: Where,
  { mayBegin, renumber = [], deployed }: PrepareOptions,
): Promise<Previous> {
  if (text === undefined && mayBegin) return { lock: newLock(), warnings: [], lines: [] };
  return previousLock(text, { ...where, renumber, ...(deployed !== undefined && { deployed }) });
}

/** What is to be said of a merge, whether sessgen made it or somebody did by hand. */
async function mergeOf(
  { deployed, warnings, lines }: Previous,
  lock: Lock,
  text: string | undefined,
  where: Where,
  options: PrepareOptions,
): Promise<Merge> {
  const merge = { warnings, lines, ...(deployed !== undefined && { onto: deployed.name }) };
  const isChanged = text !== undefined && printLock(lock) !== text;
  if (!isChanged && !options.looksForDeployed) return merge;
  const diverged = await divergence(lock, { ...where, deployed, name: options.deployed });
  return diverged === undefined ? merge : { ...merge, warnings: [...warnings, diverged] };
}
