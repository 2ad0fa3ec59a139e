import type { ZodType } from "zod";
import type { ResolvedConfig } from "../config/resolved.js";
import type { Field } from "../model/model.js";
import type { WiredProject, Wiring } from "./wiring.js";

/** What the config says about a framework's glue; read by its own descriptor. */
export type GlueOptions = Readonly<Record<string, unknown>>;

/** What a framework's glue cannot have in a schema. */
export interface FieldProblem {
  /** The field; absent: the one that is missing. */
  readonly field?: string;
  readonly summary: string;
  readonly fix?: string;
}

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
  /** The beginnings of the names of files, by which `sessgen init` knows it, too. */
  readonly signs?: readonly string[];
  /** It is beside what answers requests: where nothing does, the fallback is to. */
  readonly beside?: true;
  /** Answers requests in a project where nothing else does. */
  readonly fallback?: true;
  /** Frameworks that are part of it: their glue is not asked for where it is used. */
  readonly covers?: readonly string[];
  /** Packages that its glue imports besides its own. */
  readonly needs?: readonly string[];
  /** The file that the project's tsconfig is made of, and the framework's own command for it. */
  readonly prepares?: { readonly makes: string; readonly command: string };
  /** Packages with the types that it lacks. */
  readonly types?: readonly string[];
  /** How `sessgen init` ties the glue to a project. */
  readonly wiring?: (project: WiredProject) => readonly Wiring[];
  /**
   * Where `sessgen init` has the module emitted, for a framework with a place for what browsers
   * must not get. Default: that of every config.
   */
  readonly output?: string;
  /**
   * Names that the emitted files import: a kind of sessions whose own would be the same gets
   * another.
   */
  readonly reserved?: readonly string[];
  /** Its bundles have the emitted module several times in one process: they share one store. */
  readonly bundled?: true;
  /** What an entry of `frameworks` can say besides the `name`; absent: nothing. */
  readonly options?: ZodType;
  /** Of these options, those that say where something is stored: the lock remembers them. */
  readonly kept?: readonly string[];
  /** What these options cannot have in the schema. */
  readonly problems?: (options: GlueOptions, fields: readonly Field[]) => readonly FieldProblem[];
  /** What the templates get besides what all of them get: see `emit.ts`. */
  readonly data?: (config: ResolvedConfig, options: GlueOptions) => Readonly<Record<string, unknown>>;
}
