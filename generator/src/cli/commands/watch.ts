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
  let inputs: readonly string[] = [];
  let next: GenerateOptions = { ...options, watching: {} };
  const run = async (): Promise<void> => {
    try {
      inputs = await generateOnce(next, io, report);
      // A new slot is asked for once, not with each change.
      next = { ...next, renumber: [] };
    } catch (error) {
      onError(error);
    }
    // A config that cannot be loaded says nothing about what it imports: what was watched before is
    // watched on.
    watcher.add([...inputs]);
  };
  const watcher = watchFiles([], { ignoreInitial: true, awaitWriteFinish: false });
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = run();
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(run);
    }, QUIET);
  });
  await running;
  // Without a config there would be nothing to wait for a change of.
  if (inputs.length === 0) watcher.add(options.cwd);
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
