import type { Envelope } from "../errors.js";

/**
 * What a command tells the user. For a human, lines go to stdout as they come and problems to
 * stderr; with `--json` everything is collected and printed as one object at the end.
 */
export interface Reporter {
  /** `true` with `--json`: no prompts, no colours, nothing but the one object on stdout. */
  readonly json: boolean;
  /** Prints one line for a human; with `--json` nothing. */
  line(text: string): void;
  /** Tells of a problem that does not end the run. */
  warn(warning: Envelope): void;
  /** Adds a member of the object that `--json` prints. */
  data(key: string, value: unknown): void;
}

/** Options that every command has. */
export interface CommonOptions {
  /** `--config`: the config file, relative to `cwd`. */
  readonly config?: string;
  /** All of them, for a command that does not end. */
  readonly configs?: readonly string[];
  /** `--cwd`: absolute, after resolving. */
  readonly cwd: string;
}
