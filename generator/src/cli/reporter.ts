import { createColors } from "picocolors";
import { type Envelope, SessgenError, SessgenErrors } from "../errors.js";
import { hasColors } from "./colors.js";
import type { Flags } from "./flags.js";
import type { Io } from "./io.js";
import { type Palette, problemText } from "./problem.js";
import type { Reporter } from "./report.js";

/** Prints for a human, or collects for `--json`. */
export class CliReporter implements Reporter {
  readonly json: boolean;
  readonly #io: Io;
  readonly #verbose: boolean;
  readonly #palette: Palette;
  readonly #problems: Envelope[] = [];
  readonly #data: Record<string, unknown> = {};

  constructor(io: Io, flags: Flags) {
    this.#io = io;
    this.json = flags.json === true;
    this.#verbose = flags.verbose === true;
    this.#palette = createColors(hasColors(io.env, io.stderr));
  }

  line(text: string): void {
    if (!this.json) this.#io.stdout.write(`${text}\n`);
  }

  warn(warning: Envelope): void {
    this.#problem(warning);
  }

  data(key: string, value: unknown): void {
    // Of several configs, one after the other.
    const before = this.#data[key];
    this.#data[key] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
  }

  /** Reports what a command threw; gives back the exit code. */
  fail(error: unknown): number {
    const errors = error instanceof SessgenErrors ? error.errors : [error];
    let code = 0;
    for (const one of errors) {
      const known = one instanceof SessgenError ? one : bug(one);
      this.#problem(known.envelope);
      if (this.#verbose) this.#io.stderr.write(`${stackOf(known)}\n`);
      code = Math.max(code, known.exitCode);
    }
    return code;
  }

  /** Prints the one object of `--json`. */
  end(exitCode: number): void {
    if (!this.json) return;
    const object = { ok: exitCode === 0, exitCode, problems: this.#problems, ...this.#data };
    this.#io.stdout.write(`${JSON.stringify(object, undefined, 2)}\n`);
  }

  #problem(problem: Envelope): void {
    this.#problems.push(problem);
    if (!this.json) this.#io.stderr.write(problemText(problem, this.#io.cwd, this.#palette));
  }
}

function bug(error: unknown): SessgenError {
  const summary = error instanceof Error ? error.message : String(error);
  return new SessgenError("internal/bug", summary, { cause: error });
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
