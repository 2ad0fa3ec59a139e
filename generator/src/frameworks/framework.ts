import type { ResolvedConfig } from "../config/resolved.js";

/** All that sessgen knows about one framework. */
export interface Framework {
  /** As in `frameworks: […]`. */
  readonly name: string;
  /**
   * The emitted files, as paths in the folder of the module; each from the template
   * `templates/glue/<path>.hbs`. Default: one, `<name>.ts`.
   */
  readonly files?: readonly string[];
  /** `sessgen init` asks for its glue where the project depends on one of these. */
  readonly packages: readonly string[];
  /**
   * Names that the emitted files import: a kind of sessions whose own would be the same gets
   * another.
   */
  readonly reserved?: readonly string[];
  /** What the template gets besides what all of them get: see `emit.ts`. */
  readonly data?: (config: ResolvedConfig) => Readonly<Record<string, unknown>>;
}
