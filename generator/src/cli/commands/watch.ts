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

/**
 * Generates, and again whenever a file the config was made from changes, until the signal aborts. A
 * problem is reported and waits for the next change.
 *
 * @param onError - reports a problem of one run
 */
export async function watch(
  options: GenerateOptions,
  io: Io,
  report: Reporter,
  onError: (error: unknown) => void,
): Promise<number> {
  const { watch: watchFiles } = await import("chokidar");
  const first = [options.config ?? [...configNames, "package.json"]].flat();
  const begin = first.map((name) => join(options.cwd, name));
  const wanted = new Set(begin);
  const folders = new Set<string>();
  let next: GenerateOptions = { ...options, watching: {} };
  const run = async (): Promise<void> => {
    try {
      const inputs = await generateOnce(next, io, report);
      // A new slot is asked for once, not with each change.
      next = { ...next, renumber: [] };
      wanted.clear();
      folders.clear();
      for (const input of [...begin, ...inputs]) wanted.add(input);
    } catch (error) {
      // A config that cannot be loaded says nothing about what it imports: what was watched before
      // is watched on.
      onError(error);
    }
    // A file that is replaced, as git does it, is another file, and a watch on the old one is deaf:
    // it is the folders that are watched, and those around them, which may come and go, too. Added
    // anew with each run, for the watch of a folder ends with it.
    for (const file of wanted) for (const folder of foldersOf(file, options.cwd)) folders.add(folder);
    watcher.add([...folders]);
  };
  const watcher = watchFiles([], {
    ignoreInitial: true,
    awaitWriteFinish: false,
    depth: 0,
    ignored: (path, stats) => stats?.isFile() === true && !wanted.has(path),
  });
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = run();
  watcher.on("all", (_event, path) => {
    if (!wanted.has(path) && !folders.has(path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(run);
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

/** The folder of a file, and those around it within the working folder. */
function foldersOf(file: string, within: string): readonly string[] {
  const folder = dirname(file);
  return folder.startsWith(join(within, "/")) ? [folder, ...foldersOf(folder, within)] : [folder];
}
