import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { GenerateOptions } from "../cli/commands/generate.js";
import type { Io } from "../cli/io.js";
import { problemText } from "../cli/problem.js";
import type { Reporter } from "../cli/report.js";
import { type Envelope, SessgenError, SessgenErrors } from "../errors.js";
import type { BundlerOptions } from "./options.js";

/** What a run has come to. */
export interface Outcome {
  /** What it has written, in a sentence; absent: nothing. */
  readonly written?: string;
  readonly warnings: readonly Envelope[];
  /** Empty: all is as the config asks for. */
  readonly errors: readonly Envelope[];
}

/**
 * Runs `sessgen` for a bundler, in its process: when it begins, and again when a file has changed
 * that the config was made from.
 */
export class Regeneration {
  readonly #root: string;
  readonly #options: BundlerOptions;
  #next: GenerateOptions;
  #inputs: ReadonlySet<string> = new Set();
  #running: Promise<Outcome> | undefined;
  #isStale = true;
  #last: Outcome = { warnings: [], errors: [] };

  constructor(options: BundlerOptions = {}) {
    this.#root = resolve(options.root ?? ".");
    this.#options = options;
    const config = options.config === undefined ? {} : { config: options.config };
    this.#next = { cwd: this.#root, ...config, watching: {} };
  }

  /** The files that the config was made from. */
  get inputs(): readonly string[] {
    return [...this.#inputs];
  }

  /** Notes that a file has changed; says whether the next run has something to do. */
  changed(file: string): boolean {
    if (this.#inputs.has(resolve(file))) this.#isStale = true;
    return this.#isStale;
  }

  /**
   * Writes what the config asks for, unless nothing has changed since the last time. Several
   * callers, as bundles for the browser and for the server are, have one run.
   */
  async run(): Promise<Outcome> {
    if (this.#running !== undefined) return this.#running;
    if (!this.#isStale) return { ...this.#last, warnings: [] };
    this.#isStale = false;
    this.#running = this.#generate();
    try {
      this.#last = await this.#running;
      return this.#last;
    } finally {
      this.#running = undefined;
    }
  }

  /** Does what a build is to do that does not watch. */
  async build(): Promise<Outcome> {
    if (this.#options.build !== "check") return this.run();
    const { check } = await import("../cli/commands/check.js");
    return this.#outcome(async (report) => {
      await check(this.#next, io(this.#root), report);
    });
  }

  async #generate(): Promise<Outcome> {
    const { generateOnce } = await import("../cli/commands/generate.js");
    return this.#outcome(async (report) => {
      this.#inputs = new Set(await generateOnce(this.#next, io(this.#root), report));
    });
  }

  async #outcome(work: (report: Reporter) => Promise<void>): Promise<Outcome> {
    const warnings: Envelope[] = [];
    let written: string | undefined;
    const report: Reporter = {
      json: false,
      line: (text) => {
        if (!text.startsWith("Up to date")) written = text;
      },
      warn: (warning) => void warnings.push(warning),
      data: () => {},
    };
    try {
      await work(report);
      return { ...(written === undefined ? {} : { written }), warnings, errors: [] };
    } catch (error) {
      const errors = envelopesOf(error);
      this.#watchAlso(errors);
      return { warnings, errors };
    }
  }

  /**
   * A config that cannot be loaded says nothing about what it imports: what was watched before is
   * watched on, and the file that is to be mended.
   */
  #watchAlso(errors: readonly Envelope[]): void {
    const named = errors.flatMap(({ where }) => (where?.file === undefined ? [] : [where.file]));
    const files = [...named, this.#options.config ?? "session.config.ts"]
      .map((file) => resolve(this.#root, file))
      .filter((file) => existsSync(file));
    this.#inputs = new Set([...this.#inputs, ...files]);
  }

  /** Gives the problem as a terminal shows it. */
  text(problem: Envelope): string {
    return problemText(problem, this.#root).trimEnd();
  }

  /** Gives where a problem is, as bundlers have it. */
  place({
    where,
  }: Envelope): { readonly file: string; readonly line: number; readonly column: number } | undefined {
    if (where?.file === undefined) return undefined;
    return { file: resolve(this.#root, where.file), line: where.line ?? 1, column: where.column ?? 1 };
  }
}

/** The process that the bundler runs in. */
function io(cwd: string): Io {
  const { env, stdin, stdout, stderr } = process;
  return { cwd, env, stdin, stdout, stderr };
}

function envelopesOf(error: unknown): readonly Envelope[] {
  const errors: readonly unknown[] = error instanceof SessgenErrors ? error.errors : [error];
  return errors.map((one) => {
    if (one instanceof SessgenError) return one.envelope;
    const summary = one instanceof Error ? one.message : String(one);
    return new SessgenError("internal/bug", summary, { cause: one }).envelope;
  });
}
