/** A function, or a type, of the application's, by where it is exported from. */
export interface ModuleExport {
  /** Relative to the config file, with forward slashes. */
  readonly module: string;
  /** `default`, or a name. */
  readonly export: string;
}
