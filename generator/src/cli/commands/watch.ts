import { once } from "node:events";
import { dirname, join, resolve } from "node:path";
import { configNames } from "../../config/find.js";
import { exitCodes } from "../../errors.js";
import { git } from "../../lock/git.js";
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
  /** Its last run ended with a problem. */
  failed: boolean;
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
  const checkedOut = await reflogsOf(kinds);
  const folders = new Set<string>();
  const look = (): void => {
    // A file that is replaced, as git does it, is another file, and a watch on the old one is deaf:
    // it is the folders that are watched, and those around them, which may come and go, too. Added
    // anew with each run, for the watch of a folder ends with it.
    folders.clear();
    for (const { wanted, next } of kinds)
      for (const file of wanted) for (const folder of foldersOf(file, next.cwd)) folders.add(folder);
    watcher.add([...folders, ...[...checkedOut].map(dirname)]);
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
    ignored: (path, stats) =>
      stats?.isFile() === true && !checkedOut.has(path) && !kinds.some(({ wanted }) => wanted.has(path)),
  });
  // Before the first run: what changes while it reads is seen.
  look();
  await once(watcher, "ready");
  const concerns = (path: string, { wanted, failed }: Kind): boolean =>
    folders.has(path) || wanted.has(path) || (failed && checkedOut.has(path));
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = run(kinds);
  const changed = new Set<string>();
  watcher.on("all", (_event, path) => {
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      // What changes during a run is done with one more, however often it changes.
      running = running.then(async () => {
        const due = kinds.filter((kind) => [...changed].some((path) => concerns(path, kind)));
        changed.clear();
        if (due.length > 0) await run(due);
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
  return { begin, wanted: new Set(begin), next: { ...options, watching: {} }, failed: false };
}

/**
 * Finds the files in which git notes, once it is done, that it has checked something out: a run may
 * have begun in the midst of it, when not all files were there that the config imports by now.
 */
async function reflogsOf(kinds: readonly Kind[]): Promise<ReadonlySet<string>> {
  const roots = new Set(kinds.map(({ next }) => next.cwd));
  const answers = await Promise.all(
    [...roots].map(async (cwd) => {
      const { code, out } = await git(cwd, "rev-parse", "--git-path", "logs/HEAD");
      return code === 0 ? [resolve(cwd, out.trim())] : [];
    }),
  );
  return new Set(answers.flat());
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
    kind.failed = false;
  } catch (error) {
    // A config that cannot be loaded says nothing about what it imports: what was watched before
    // is watched on.
    kind.failed = true;
    onError(error);
  }
}

/** The folder of a file, and those around it within the working folder. */
function foldersOf(file: string, within: string): readonly string[] {
  const folder = dirname(file);
  return folder.startsWith(join(within, "/")) ? [folder, ...foldersOf(folder, within)] : [folder];
}
