import type { Readable, Writable } from "node:stream";
import type { Io } from "./io.js";
import type { Reporter } from "./report.js";

/** Asks, where a human sits at a terminal and has not said yes before. */
export async function confirmed(question: string, yes: boolean, io: Io, report: Reporter): Promise<boolean> {
  const { stdin, stdout } = io;
  if (yes || report.json || stdin.isTTY !== true || stdout.isTTY !== true) return true;
  const { confirm } = await import("@clack/prompts");
  const answer = await confirm({
    message: question,
    initialValue: false,
    input: stdin as Readable,
    output: stdout as Writable,
  });
  return answer === true;
}
