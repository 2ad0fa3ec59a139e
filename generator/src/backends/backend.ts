import type { ZodType } from "zod";

/** All that sessgen knows about one kind of backend. Whatever differs per backend sits in its descriptor. */
export interface Backend {
  /** As in `backend: { kind: … }`. */
  readonly kind: string;
  /** The options, `kind` included; a wrong one is reported with its path. */
  readonly options: ZodType;
  /** Where the emitted code gets the store from. */
  readonly store: { readonly module: string; readonly factory: string };
  /** The dialect of its migrations, if it needs any. */
  readonly migrations?: "sqlite";
  /** What to install, for `sessgen init`; nothing when Node has all it takes. */
  readonly drivers?: readonly string[];
  /** Loses its sessions with the process, or is not shared: not for production. */
  readonly developmentOnly?: boolean;
}
