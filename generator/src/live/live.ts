import type { IdentityNames, SessionStore } from "@sessgen/runtime";
import type { StoreOrigin } from "../backends/shared/store-origin.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { GeneratorErrorCode } from "../errors.js";
import type { FieldIndex } from "../model/model.js";
import type { Total } from "./progress.js";

/** A backend of the config as it runs somewhere. */
export interface Target {
  readonly config: ResolvedConfig;
  /** The backend's name in the config: a NODE_ENV, or `default`. */
  readonly environment: string;
  readonly kind: string;
  /** How its store is made. */
  readonly backend: StoreOrigin;
  /** The backend's options; what `env()` names is read from the environment. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What sessions are found by. */
  readonly indexes: readonly FieldIndex[];
  /**
   * Tells the sessions from those of others in the same store.
   * @throws SessgenError `lock/missing`, `lock/unreadable`, `migrate/env-missing` for the realm:
   *   not every command needs to know
   */
  identity(): IdentityNames;
  /**
   * Gives how keys were made before, but for what derived them: sessions are found by fields there,
   * too.
   */
  previous(): readonly Partial<IdentityNames>[];
  /** With what sessions are encrypted, where the environment has the secrets. */
  readonly encryption?: {
    readonly secrets: readonly string[];
    readonly payload?: boolean;
    readonly acceptPlain?: boolean;
  };
  /** The variables that it is lacking for that. */
  readonly lackingSecrets?: readonly string[];
}

/** What `sessgen migrate` is asked to do. */
export interface MigrateRequest {
  /**
   * `up`: apply what is pending; `down`: undo the last; `status`: list all; `baseline`: note
   * everything as applied without applying it, for a backend that was prepared by other means.
   */
  readonly direction: "up" | "down" | "status" | "baseline";
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /**
   * No older deploy runs any more: what only those needed can go, and what they wrote meanwhile is
   * looked at once more.
   */
  readonly afterDeploy?: boolean;
  /** What part of the time work beside traffic may take, above 0 and at most 1. Default 0.5. */
  readonly share?: number;
  /** Tells a human what takes long. */
  progress(line: string): void;
}

/** One thing that was done, or is to be done. */
export interface Step {
  /** A migration's name, or what is changed: `index by_user_id`. */
  readonly name: string;
  /** `newer`: applied by a newer release than this one. */
  readonly state: "applied" | "undone" | "pending" | "baselined" | "newer";
}

/** A difference between the live backend and what the config asks for. */
export interface Drift {
  readonly id: DriftId;
  /** What was found and what was expected, in one sentence. */
  readonly summary: string;
  /** What to run or to change; `npx sessgen migrate` unless said otherwise. */
  readonly fix?: string;
}

/** Stable codes of what {@link Live.verify} reports. */
export type DriftId = Extract<GeneratorErrorCode, `verify/${string}`>;

/** A session as it is stored, or what is kept beside one. */
export interface StoredPayload {
  /** The store's, without its prefix. */
  readonly key: string;
  readonly payload: Uint8Array;
}

/** How {@link Live.list} proceeds. */
export interface ListRequest {
  /** The target's; some backends read through it. */
  readonly store: SessionStore;
  /** The position of the last page that was seen; nothing: from the beginning. */
  readonly after?: string | undefined;
  /** Takes each page, for as long as it likes; `false` ends it. */
  onPage(page: ListedPage): Promise<boolean>;
}

/** Some records that are stored. */
export interface ListedPage {
  readonly records: readonly StoredPayload[];
  /** Where to go on behind it, in a later run, too. */
  readonly position: string;
}

/**
 * How sessgen works on a running backend. Each backend that needs it has a file here, imported when
 * it is asked for.
 */
export interface Live {
  /**
   * Brings the backend to what was emitted. Idempotent; two at once do no harm.
   * @throws SessgenError `migrate/…`
   */
  migrate(target: Target, request: MigrateRequest): Promise<readonly Step[]>;
  /**
   * Compares the backend with what was emitted; changes nothing.
   * @throws SessgenError `backend/unavailable` when it is out of reach
   */
  verify(target: Target): Promise<readonly Drift[]>;
  /**
   * Goes through the live records of the target's own, a page at a time: its sessions, and what is
   * kept beside them. None is missing that is there all the while; some may come twice. Absent
   * where commands cannot list them. Changes nothing.
   */
  list?(target: Target, request: ListRequest): Promise<void>;
  /** Tells how many records {@link list} would come by. */
  count?(target: Target): Promise<Total>;
}
