import type { ResolvedConfig } from "../config/resolved.js";

/** All that sessgen knows about one framework. Its template is `templates/glue/<name>.ts.hbs`. */
export interface Framework {
  /** As in `frameworks: […]`; also the name of the emitted file. */
  readonly name: string;
  /** `sessgen init` asks for its glue where the project depends on one of these. */
  readonly packages: readonly string[];
  /**
   * Names that the emitted file imports: a kind of sessions whose own would be the same gets
   * another.
   */
  readonly reserved?: readonly string[];
  /** What the template gets besides what all of them get: see `emit.ts`. */
  readonly data?: (config: ResolvedConfig) => Readonly<Record<string, unknown>>;
}
