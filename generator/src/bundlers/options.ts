/** Options of the plugins for bundlers. */
export interface BundlerOptions {
  /** The config file, relative to `root`. Default: the one that `sessgen` finds. */
  readonly config?: string;
  /** Where `sessgen` is run. Default: the working folder. */
  readonly root?: string;
  /**
   * What a build that does not watch does: writes what is out of date, or fails where something is.
   * Default: `"generate"`, for projects that do not commit what is emitted.
   */
  readonly build?: "generate" | "check";
}
