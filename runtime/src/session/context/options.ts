import type { History, SessionDefinition } from "../../codec/definition.js";
import type { KnownHistory } from "../../codec/record/history.js";
import type { Serializer } from "../../codec/record/record.js";
import type { CookieOptions, ResolvedCookie } from "../../cookie/options.js";
import type { Identity } from "../../crypto/identity.js";
import type { SessionError } from "../../errors.js";
import type { SessionStore } from "../../stores/store.js";
import type { Clock } from "../../time/clock.js";
import type { SessionCarrier } from "../../transports/carrier.js";
import type { TransportOption, Transports } from "../../transports/options.js";
import type { SessionBinding } from "../lifecycle/binding.js";
import type { StoreAccess } from "../lifecycle/store-access.js";
import type { IndexStates } from "../lookup/index-states.js";
import type { Encryption, SessionEncryption } from "../records/encryption.js";
import type { IndexTexts } from "../records/index-texts.js";
import type { Lifetimes } from "../state/lifetime.js";
import type { Epoch } from "./epoch.js";
import type { EventHub } from "./events.js";
import type { SessionParts } from "./parts.js";
import type { Previous, PreviousKeys } from "./previous-keys.js";
import type { UnreadablePolicy } from "./unreadable-policy.js";

/**
 * What {@link createSessions} can be told. Generated modules pass what `session.config.ts` says.
 */
export interface SessionsOptions {
  /**
   * The application's random id, from the lock: whose sessions these are, among others on the same
   * server; generated.
   */
  readonly application: string;
  /**
   * Which installation of the application this is, where several share a server. Another one makes
   * everybody a stranger. A function is called when the application starts, as those of secrets
   * are: with `onStoreError: "null-session"` it may throw `env/missing`.
   */
  readonly realm?: string | (() => string);
  /** All fields, in slot order; generated. */
  readonly fields: SessionDefinition;
  /**
   * Throws `SessionFieldError` where the fields together are not what the schema allows. Called
   * with those that are present before a change is saved; generated, with `schemaModule` in the
   * config.
   */
  readonly check?: (data: Readonly<Record<string, unknown>>) => void;
  /** The slots that were ever given out, from the lock; generated. */
  readonly history: History;
  /**
   * How many random bytes an id has: 16 to 64. Default 32. Sessions with ids of another size go on.
   */
  readonly id?: { readonly bytes: number };
  /**
   * Of this kind of sessions, where an application has several. Another one makes everybody a
   * stranger.
   */
  readonly name?: string;
  /** Where sessions are kept, or what they travel in; a function is called at the first use. */
  readonly store: SessionStore | SessionCarrier | (() => SessionStore | SessionCarrier);
  /**
   * What the store is called in all of its modules, where a framework has the emitted one in
   * several bundles of one process, as Next.js has: they share it. Other options of the store have
   * another name; generated.
   */
  readonly storeName?: string;
  /**
   * What new and changed sessions are written in. Every format can be read, whatever is chosen.
   * Default `packed`.
   */
  readonly serializer?: Serializer;
  /**
   * Default: 30 minutes idle, 12 hours absolute; permanent sessions 31 and 90 days. Milliseconds.
   */
  readonly lifetime?: Lifetimes;
  /** How the cookie is set. */
  readonly cookie?: CookieOptions;
  /**
   * How sessions travel. Default `cookie`. Of several, the first that a request brings a token by
   * counts, and the answer goes the same way; a request without any is answered by the first, or by
   * the one whose header it sends empty. `cookie.secrets` sign tokens on all.
   */
  readonly transport?: TransportOption | readonly TransportOption[];
  /** What binds sessions to requests: `bindTo(…)`. Default: nothing. */
  readonly binding?: SessionBinding;
  /**
   * What encrypts sessions in the store: `encryptWith(…)`. Default: nothing, except where they
   * travel in a sealed cookie.
   */
  readonly encryption?: SessionEncryption;
  /**
   * What a request gets when sessions cannot work, since the store is out of reach or a secret or
   * an address is missing in the environment: `error` (default), a SessionError (of status 503 for
   * the store; a missing secret is thrown when the application starts), or `null-session`, a
   * session that reads as empty and refuses writes with an error that says what is missing.
   */
  readonly onStoreError?: "error" | "null-session";
  /** What is done with a stored session that cannot be read. Default `forget`. */
  readonly onUnreadable?: UnreadablePolicy;
  /** How long one operation of the store may take, in milliseconds. Default 2000. */
  readonly storeTimeout?: number;
  /**
   * How often changes are merged and tried again when others write first; the first time at once,
   * then after pauses of random length. Default 32: of so many requests that change one session at
   * once none fails, since whoever is refused met one that was not.
   */
  readonly maxConflicts?: number;
  /**
   * How long a commit may take as a whole, in milliseconds: with all it takes to merge what others
   * write, and the time that it waits for other commits of the session. Default 10 000, and at
   * least `storeTimeout`.
   */
  readonly commitTimeout?: number;
  /**
   * The most bytes that a session may take, encoded. Default 1 MiB; less where the backend has
   * less. What is larger already can be read, and be made smaller.
   */
  readonly maxBytes?: number;
  /**
   * Compresses payloads of more than `above` bytes in the store, where that makes them smaller.
   * What is compressed is read by everybody. Default: nothing is. Not where sessions travel in
   * cookies: their length would tell what is in them.
   */
  readonly compression?: { readonly above: number };
  /**
   * How keys were made before: another realm or application id, another `deriveKey`. A session that
   * is not found under its key of today is looked for under these, with one more round trip, and
   * goes under today's with its next write. For as long as sessions from before are about.
   */
  readonly previous?: readonly PreviousKeys[];
  /** The current time; `Date.now` unless replaced in tests. */
  readonly clock?: Clock;
  /**
   * Is told of errors that reach nobody: a commit that failed where the host has no error handler,
   * or a response that broke after it. Default: `console.error`.
   */
  readonly onError?: (error: unknown) => void;
  /** Parts that the application brings itself; they go before all other options. */
  readonly parts?: SessionParts;
  /**
   * Makes session ids; only for tests. Anything but 128 random bits or more, in base64url, is a
   * hole.
   */
  readonly generateId?: () => string;
}

/** {@link SessionsOptions}, checked, with everything that sessions share. */
export interface SessionContext {
  /**
   * Whose sessions these are: in front of every key, and in all that is signed, encrypted or
   * hashed.
   */
  readonly identity: Identity;
  readonly fields: SessionDefinition;
  readonly check?: (data: Readonly<Record<string, unknown>>) => void;
  readonly history: KnownHistory;
  readonly store: StoreAccess;
  readonly epoch: Epoch;
  /** How far the indexes are that sessions are found by. */
  readonly indexes: IndexStates;
  readonly serializer: Serializer;
  readonly lifetime: Lifetimes;
  readonly cookie: ResolvedCookie;
  readonly transports: Transports;
  /** The request's headers that they read. */
  readonly vary: readonly string[];
  readonly binding?: SessionBinding;
  readonly encryption?: Encryption;
  /** What the store finds sessions by. */
  readonly texts: IndexTexts;
  readonly onStoreError: "error" | "null-session";
  /**
   * For how long the bytes of a session that cannot be read are kept aside; absent: they are not.
   */
  readonly quarantine?: number;
  readonly maxConflicts: number;
  readonly commitTimeout: number;
  readonly maxBytes: number;
  /** Where sessions may lie that were written with other keys; none, where it is absent. */
  readonly previous?: readonly Previous[];
  /** Absent: payloads are stored as they are. */
  readonly compression?: { readonly above: number };
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
  readonly generateId: () => string;
  readonly events: EventHub;
  /**
   * The secret that is missing in the environment, while `onStoreError` says to go on without
   * sessions.
   */
  readonly missing?: SessionError;
}
