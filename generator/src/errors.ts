/** How bad it is: an error ends the run with a non-zero exit code, a warning does not. */
export type Severity = "error" | "warning";

/** Where in the user's files something is wrong. */
export interface Where {
  /** Absolute, or relative to the working folder. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** The path of the field or option, e.g. `schema.user.address.geo` or `lifetime.idle`. */
  readonly path?: string;
}

/** What the registry says about one code. */
export interface ErrorEntry {
  readonly severity: Severity;
  /** What `sessgen` exits with: see `docs/errors.md`. */
  readonly exitCode: number;
  /** Why it happens, in one or two sentences. */
  readonly why: string;
  /** How to mend it, in one or two sentences. */
  readonly fix: string;
}

/** What `sessgen --json` prints for each problem, and what a human sees laid out. */
export interface Envelope {
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly why: string;
  readonly fix: string;
  readonly where?: Where;
}

/**
 * Exit codes: 0 done; 1 `check` found files out of date; 2 wrong usage of the command line; 3 the config or
 * schema is wrong; 4 files could not be read or written; 5 the backend refused or is out of reach; 70 a bug in sessgen.
 */
export const exitCodes = {
  ok: 0,
  outOfDate: 1,
  usage: 2,
  config: 3,
  files: 4,
  backend: 5,
  internal: 70,
} as const;

/**
 * Every problem sessgen reports, by its stable code. `docs/errors.md` documents each; a test compares the two and
 * looks for the place that throws it. Keep sorted.
 */
export const generatorErrors = {
  "internal/bug": {
    severity: "error",
    exitCode: exitCodes.internal,
    why: "sessgen met a case it was not written for.",
    fix: "Please report it with the config that shows it; --verbose prints the stack trace.",
  },
} as const;

/** A code of {@link generatorErrors}. */
export type GeneratorErrorCode = keyof typeof generatorErrors;

/** A problem that ends the run. Several found at once are thrown together as {@link SessgenErrors}. */
export class SessgenError extends Error {
  override readonly name = "SessgenError";
  readonly code: GeneratorErrorCode;
  readonly envelope: Envelope;

  /**
   * @param code - one of {@link generatorErrors}
   * @param summary - what is wrong this time, in one sentence
   * @param detail - where, and a fix more precise than the registry's
   */
  constructor(
    code: GeneratorErrorCode,
    summary: string,
    detail: { readonly where?: Where; readonly fix?: string; readonly cause?: unknown } = {},
  ) {
    super(`${summary} [${code}]`, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.envelope = envelopeOf(code, summary, detail);
  }

  /** What the process exits with. */
  get exitCode(): number {
    return generatorErrors[this.code].exitCode;
  }
}

/** Several problems at once: a user mends them in one go. */
export class SessgenErrors extends AggregateError {
  override readonly name = "SessgenErrors";
  declare readonly errors: SessgenError[];
}

/** The envelope of a problem, also for warnings, which are collected and not thrown. */
export function envelopeOf(
  code: GeneratorErrorCode,
  summary: string,
  detail: { readonly where?: Where; readonly fix?: string } = {},
): Envelope {
  const entry: ErrorEntry = generatorErrors[code];
  return {
    code,
    severity: entry.severity,
    summary,
    why: entry.why,
    fix: detail.fix ?? entry.fix,
    ...(detail.where === undefined ? {} : { where: detail.where }),
  };
}
