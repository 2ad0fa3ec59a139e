/** How bad it is: an error ends the run with a non-zero exit code, a warning does not. */
export type Severity = "error" | "warning";

/**
 * Exit codes: 0 done; 1 `check` found files out of date, or the session was not found; 2 wrong
 * usage of the command line; 3 the config or schema is wrong; 4 files could not be read or written;
 * 5 the backend refused or is out of reach; 6 `verify` found the backend to be other than what was
 * emitted; 7 `check --against` found a change that takes a step or loses something; 70 a bug in
 * sessgen; 130 interrupted by Ctrl-C, with more to do.
 */
export const exitCodes = {
  ok: 0,
  outOfDate: 1,
  notFound: 1,
  usage: 2,
  config: 3,
  files: 4,
  backend: 5,
  drift: 6,
  changes: 7,
  internal: 70,
  interrupted: 130,
} as const;

/** What the registry says about one code. */
export interface ErrorEntry {
  readonly severity: Severity;
  /** What `sessgen` exits with: a name of {@link exitCodes}. */
  readonly exit: keyof typeof exitCodes;
  /** Why it happens, in one or two sentences. */
  readonly why: string;
  /** How to mend it, in one or two sentences. */
  readonly fix: string;
}
