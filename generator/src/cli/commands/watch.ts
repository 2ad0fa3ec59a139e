import { once } from "node:events";
import { dirname, join } from "node:path";
import { configNames } from "../../config/find.js";
import { exitCodes } from "../../errors.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";
import { type GenerateOptions, generateOnce } from "./generate.js";

/**
 * Editors write a file in several steps; a run begins when it has been quiet for so many
 * milliseconds.
 */
const QUIET = 50;

/** One of several configs. */
interface Kind {
  /** Where its config is, or may come to be. */
  readonly begin: readonly string[];
  /** The files that it depends on. */
  readonly wanted: Set<string>;
  /** How it is generated the next time. */
  next: GenerateOptions;
}

/**
 * Generates, and again whenever a file a config was made from changes, until the signal aborts. A
 * problem is reported and waits for the next change.
 *
 * @param all - the same for each config
 * @param onError - reports a problem of one run
 */
export async function watch(
  all: readonly GenerateOptions[],
  io: Io,
  report: Reporter,
  onError: (error: unknown) => void,
): Promise<number> {
  const { watch: watchFiles } = await import("chokidar");
  const kinds = all.map(kindOf);
  const folders = new Set<string>();
  const look = (): void => {
    // A file that is replaced, as git does it, is another file, and a watch on the old one is deaf:
    // it is the folders that are watched, and those around them, which may come and go, too. Added
    // anew with each run, for the watch of a folder ends with it.
    folders.clear();
    for (const { wanted, next } of kinds)
      for (const file of wanted) for (const folder of foldersOf(file, next.cwd)) folders.add(folder);
    watcher.add([...folders]);
  };
  // One after the other: an import watches the environment of the whole process.
  const run = async (due: readonly Kind[]): Promise<void> => {
    for (const kind of due) await generateFor(kind, io, report, onError);
    look();
  };
  const watcher = watchFiles([], {
    ignoreInitial: true,
    awaitWriteFinish: false,
    depth: 0,
    ignored: (path, stats) => stats?.isFile() === true && !kinds.some(({ wanted }) => wanted.has(path)),
  });
  // Before the first run: what changes while it reads is seen.
  look();
  await once(watcher, "ready");
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = run(kinds);
  const due = new Set<Kind>();
  watcher.on("all", (_event, path) => {
    const touched = folders.has(path) ? kinds : kinds.filter(({ wanted }) => wanted.has(path));
    if (touched.length === 0) return;
    for (const kind of touched) due.add(kind);
    clearTimeout(timer);
    timer = setTimeout(() => {
      // What changes during a run is done with one more, however often it changes.
      running = running.then(async () => {
        const now = [...due];
        due.clear();
        if (now.length > 0) await run(now);
      });
    }, QUIET);
  });
  await running;
  report.line("Watching for changes; Ctrl-C ends.");
  await new Promise<void>((resolve) => {
    if (io.signal === undefined || io.signal.aborted) resolve();
    else io.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  clearTimeout(timer);
  await watcher.close();
  await running;
  return exitCodes.ok;
}

function kindOf(options: GenerateOptions): Kind {
  const first = [options.config ?? [...configNames, "package.json"]].flat();
  const begin = first.map((name) => join(options.cwd, name));
  return { begin, wanted: new Set(begin), next: { ...options, watching: {} } };
}

async function generateFor(
  kind: Kind,
  io: Io,
  report: Reporter,
  onError: (error: unknown) => void,
): Promise<void> {
  const { begin, wanted, next } = kind;
  try {
    const inputs = await generateOnce(next, io, report);
    // A new slot is asked for once, not with each change.
    kind.next = { ...next, renumber: [] };
    wanted.clear();
    for (const input of [...begin, ...inputs]) wanted.add(input);
  } catch (error) {
    // A config that cannot be loaded says nothing about what it imports: what was watched before
    // is watched on.
    onError(error);
  }
}

/** The folder of a file, and those around it within the working folder. */
function foldersOf(file: string, within: string): readonly string[] {
  const folder = dirname(file);
  return folder.startsWith(join(within, "/")) ? [folder, ...foldersOf(folder, within)] : [folder];
}
