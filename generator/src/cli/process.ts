import * as nodeModule from "node:module";
import { checkFingerprint } from "../output/fingerprint.js";
import type { Io } from "./io.js";
import { problemText } from "./problem.js";

const argv = process.argv.slice(2);
// A reader that has seen enough (`sessgen --help | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

if (!nothingToDo()) {
  // On Node 22 and later this halves the time that loading ts-morph takes.
  const { enableCompileCache } = nodeModule as { enableCompileCache?: () => unknown };
  enableCompileCache?.();
  const { main } = await import("./program.js");
  const ended = new AbortController();
  if (
    ["backfill", "sweep"].includes(argv[0] ?? "") ||
    argv.some((word) => word === "--watch" || word === "-w")
  )
    process.once("SIGINT", () => ended.abort());
  const io: Io = {
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: ended.signal,
  };
  process.exitCode = await main(argv, io);
  // What a module of the application's own has opened for these stays open, and would hold the
  // process.
  if (["backfill", "inspect", "revoke", "stats", "sweep"].includes(argv[0] ?? ""))
    process.stdout.write("", () => process.stderr.write("", () => process.exit()));
}

/**
 * The plain command, when nothing that the last run read has changed: done before anything else is
 * loaded.
 */
function nothingToDo(): boolean {
  if (argv.length > 1 || (argv[0] !== undefined && argv[0] !== "generate")) return false;
  const hit = checkFingerprint({ cwd: process.cwd() }, process.env);
  if (hit === undefined) return false;
  for (const warning of hit.warnings) process.stderr.write(problemText(warning, process.cwd()));
  process.stdout.write(`${hit.message}\n`);
  return true;
}
