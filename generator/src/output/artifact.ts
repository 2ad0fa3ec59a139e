/** One file that sessgen emits. */
export interface Artifact {
  /** Relative to the config's folder, with forward slashes. */
  readonly path: string;
  /** The whole file, formatted, ending in a newline. */
  readonly content: string;
  /**
   * `owned`: replaced when it changes, removed when no longer emitted (the module, the glue).
   * `once`: written if absent, then never touched or removed again (an applied migration is
   * history). `shared`: replaced when it changes whoever wrote it, never removed (the lock, which
   * git merges).
   */
  readonly kind: "owned" | "once" | "shared";
}
