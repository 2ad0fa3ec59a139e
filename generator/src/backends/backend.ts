import type { ZodType } from "zod";
import type { BackendConfig } from "../config/values.js";
import type { Live } from "../live/live.js";
import type { EmitInfrastructure } from "./shared/infrastructure.js";
import type { KeptAs } from "./shared/kept.js";
import type { StoreOrigin } from "./shared/store-origin.js";
import type { Dialect } from "./sql/dialect.js";

/**
 * All that sessgen knows about one kind of backend. Whatever differs per backend sits in its
 * descriptor.
 */
export interface Backend extends StoreOrigin {
  /** As in `backend: { kind: … }`. */
  readonly kind: string;
  /** The options, `kind` included; a wrong one is reported with its path. */
  readonly options: ZodType;
  /** Of each option besides `kind`, what the lock keeps of it. */
  readonly kept?: Readonly<Record<string, KeptAs>>;
  /** For `sessgen init`: what to say of it, and its entry in a first config. */
  readonly first: {
    readonly hint: string;
    readonly code: string;
    /** It is the one to begin with, as nothing has to run for it. Of one backend only. */
    readonly preselected?: boolean;
    /** Of several that a project has clients of, the one with the lowest is chosen. */
    readonly rank?: number;
    /** For `.env.example`: what its variables may look like, without a secret. */
    readonly variables?: Readonly<Record<string, string>>;
    /** The text of the module that `code` names: the simplest that works. */
    readonly module?: string;
    /** Packages that this module imports, besides the clients, and those with their types. */
    readonly needs?: readonly string[];
    readonly types?: readonly string[];
  };
  /** The dialect of its migrations, if it needs any. */
  readonly dialect?: Dialect;
  /** It is found without an address, too. */
  readonly findsItself?: boolean;
  /** Emits what it needs besides the store: tables, roles, rules. */
  readonly infrastructure?: () => Promise<EmitInfrastructure>;
  /** How sessgen works on a running one: `migrate` and `verify`. */
  readonly live?: () => Promise<Live>;
  /**
   * The packages by which it is reached, any of which will do; `sessgen init` chooses the backend
   * where the project depends on one, and otherwise has the first installed.
   */
  readonly clients?: readonly string[];
  /** Other packages by which `sessgen init` knows that a project uses it. */
  readonly companions?: readonly string[];
  /**
   * The beginnings of the names of files, by which `sessgen init` knows that a project can have no
   * other, unless it has a client of one.
   */
  readonly signs?: readonly string[];
  /** A module of Node's own that needs no client, in the versions that have it. */
  readonly builtIn?: string;
  /** Sessions cannot be found by a field, and why. */
  readonly noIndex?: string;
  /** The most bytes of a packed session that it keeps; absent: more than 1 MiB. */
  readonly room?: (options: BackendConfig) => number | undefined;
  /** Loses its sessions with the process, or is not shared: not for production. */
  readonly developmentOnly?: boolean;
  /** Sessions can travel in cookies only. */
  readonly cookiesOnly?: boolean;
}
