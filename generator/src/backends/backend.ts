import type { ZodType } from "zod";
import type { Live } from "../live/live.js";
import type { EmitInfrastructure } from "./shared/infrastructure.js";

/** All that sessgen knows about one kind of backend. Whatever differs per backend sits in its descriptor. */
export interface Backend {
  /** As in `backend: { kind: … }`. */
  readonly kind: string;
  /** The options, `kind` included; a wrong one is reported with its path. */
  readonly options: ZodType;
  /** For `sessgen init`: what to say of it, and its entry in a first config. */
  readonly first: { readonly hint: string; readonly code: string };
  /** Where the emitted code gets the store from. */
  readonly store: { readonly module: string; readonly factory: string };
  /**
   * Options that name a module of the application's, and what the store takes instead: `{ module: "keyv" }` makes of
   * `module: "./keyv.ts"` in the config `keyv: () => import("../keyv.js")` in the emitted code. The store takes the module's
   * default export.
   */
  readonly imports?: Readonly<Record<string, string>>;
  /** The dialect of its migrations, if it needs any. */
  readonly migrations?: "sqlite" | "postgres" | "mysql";
  /** Options that say where it is: for commands only, where the application brings a client of its own. */
  readonly addresses?: readonly string[];
  /** Emits what it needs besides the store: tables, roles, rules. */
  readonly infrastructure?: () => Promise<EmitInfrastructure>;
  /** Options that concern only the infrastructure: the store does not get them. */
  readonly infrastructureOptions?: readonly string[];
  /** How sessgen works on a running one: `migrate` and `verify`. */
  readonly live?: () => Promise<Live>;
  /** What to install, for `sessgen init`; nothing when Node has all it takes. */
  readonly drivers?: readonly string[];
  /** What it cannot do, and what that means for the application; each a sentence, printed above the emitted store. */
  readonly limits?: readonly string[];
  /** Sessions cannot be found by a field, and why. */
  readonly noIndex?: string;
  /** Loses its sessions with the process, or is not shared: not for production. */
  readonly developmentOnly?: boolean;
}
