import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program to its end; when it fails, the error is the last it said. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  try {
    await promisify(execFile)(program, args, { ...options, maxBuffer: 100_000_000 });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw new Error(`${program}: ${said.split("\n").at(-1) || "failed"}`, { cause: error });
  }
}
