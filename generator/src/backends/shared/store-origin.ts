/** How the store of a backend is made: by the emitted code, and by commands of sessgen. */
export interface StoreOrigin {
  /** Where the store comes from. */
  readonly store: {
    readonly module: string;
    readonly factory: string;
    /** The type of what the factory makes. Default: `SessionStore`. */
    readonly type?: string;
  };
  /**
   * Options that name a module of the application's, and what the store takes instead:
   * `{ module: "keyv" }` makes of `module: "./keyv.ts"` in the config
   * `keyv: () => import("../keyv.js")` in the emitted code. The store takes the module's default
   * export.
   */
  readonly imports?: Readonly<Record<string, string>>;
  /**
   * Options that say where it is: for commands only, where the application brings its own client.
   */
  readonly addresses?: readonly string[];
  /**
   * Options that are paths on this machine. What is not there is made by the store when it opens
   * it; `found`: commands refuse it instead, as what they only look at must not come into being.
   */
  readonly paths?: Readonly<Record<string, "made" | "found">>;
  /** Options that concern only the infrastructure: the store does not get them. */
  readonly infrastructureOptions?: readonly string[];
  /**
   * What it cannot do, and what that means for the application; each a sentence, printed above the
   * emitted store.
   */
  readonly limits?: readonly string[];
  /**
   * Its sessions are in the process or with the browsers: no command reaches them, and two kinds of
   * sessions of one application never meet there.
   */
  readonly outOfReach?: boolean;
}
