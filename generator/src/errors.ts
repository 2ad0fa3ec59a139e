import { backendErrors } from "./errors/backend.js";
import { changeErrors } from "./errors/changes.js";
import { commandErrors } from "./errors/commands.js";
import { configErrors } from "./errors/config.js";
import { doctorErrors } from "./errors/doctor.js";
import { type ErrorEntry, exitCodes, type Severity } from "./errors/entry.js";
import { fileErrors } from "./errors/files.js";
import { lockErrors } from "./errors/lock.js";
import { migrateErrors } from "./errors/migrate.js";
import { modelErrors } from "./errors/model.js";
import { verifyErrors } from "./errors/verify.js";

export { exitCodes, type Severity };

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
 * Every problem sessgen reports, by its stable code; each area has a file in `errors/`.
 * `docs/errors.md` documents each; a test compares the two and looks for the place that throws it.
 */
export const generatorErrors: typeof backendErrors &
  typeof changeErrors &
  typeof commandErrors &
  typeof configErrors &
  typeof doctorErrors &
  typeof fileErrors &
  typeof lockErrors &
  typeof migrateErrors &
  typeof modelErrors &
  typeof verifyErrors = {
  ...backendErrors,
  ...changeErrors,
  ...commandErrors,
  ...configErrors,
  ...doctorErrors,
  ...fileErrors,
  ...lockErrors,
  ...migrateErrors,
  ...modelErrors,
  ...verifyErrors,
};

/** A code of {@link generatorErrors}. */
export type GeneratorErrorCode = keyof typeof generatorErrors;

/**
 * A problem that ends the run. Several found at once are thrown together as {@link SessgenErrors}.
 */
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
    return exitCodes[generatorErrors[this.code].exit];
  }
}

/** Several problems at once: a user mends them in one go. */
export class SessgenErrors extends AggregateError {
  override readonly name = "SessgenErrors";
  declare readonly errors: SessgenError[];
}

/** Makes the envelope of a problem, also for warnings, which are collected and not thrown. */
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
