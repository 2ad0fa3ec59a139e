import type { History, SessionDefinition } from "../../codec/definition.js";
import type { KnownHistory } from "../../codec/record/history.js";
import type { CustomSerializer, Format } from "../../codec/record/record.js";
import type { SessionCarrier } from "../../cookie/carrier.js";
import { type CookieOptions, type ResolvedCookie, resolveCookie } from "../../cookie/options.js";
import { generateId } from "../../crypto/id.js";
import { type Identity, identityOf, keyMaker } from "../../crypto/identity.js";
import { SessionError } from "../../errors.js";
import type { SessionStore } from "../../stores/store.js";
import type { Clock } from "../../time/clock.js";
import { resolveTransports, type TransportOption, type Transports } from "../../transports/options.js";
import type { BindingOptions } from "../lifecycle/binding.js";
import { StoreAccess } from "../lifecycle/store-access.js";
import type { Encryption, EncryptionOptions } from "../records/encryption.js";
import { IndexTexts } from "../records/index-texts.js";
import { noIndexValues } from "../records/index-values.js";
import type { Lifetimes } from "../state/lifetime.js";
import { Epoch } from "./epoch.js";
import { EventHub } from "./events.js";
import { deriveWith, partsOf, type SessionParts } from "./parts.js";
import { type RecordContext, recordContext, resolveIdentity } from "./record-context.js";
import { quarantineTime, type UnreadablePolicy } from "./unreadable-policy.js";

/** What {@link createSessions} can be told. Generated modules pass what `session.config.ts` says. */
export interface SessionsOptions {
  /** The application's random id, from the lock: whose sessions these are, among others on the same server; generated. */
  readonly application?: string;
  /**
   * Which installation of the application this is, where several share a server. Another one makes everybody a stranger. A function is
   * called when the application starts, as those of secrets are: with `onStoreError: "null-session"` it may throw `env/missing`.
   */
  readonly realm?: string | (() => string);
  /** All fields, in slot order; generated. */
  readonly fields: SessionDefinition;
  /** The slots that were ever given out, from the lock; generated. */
  readonly history?: History;
  /** How many random bytes an id has: 16 to 64. Default 32. Sessions with ids of another size go on. */
  readonly id?: { readonly bytes: number };
  /** Of this kind of sessions, where an application has several. Another one makes everybody a stranger. */
  readonly name?: string;
  /** Where sessions are kept, or what they travel in; a function is called at the first use. */
  readonly store: SessionStore | SessionCarrier | (() => SessionStore | SessionCarrier);
  /** What new and changed sessions are written in. Every format can be read, whatever is chosen. Default `packed`. */
  readonly serializer?: Format | CustomSerializer;
  /** Default: 30 minutes idle, 12 hours absolute; permanent sessions 31 and 90 days. Milliseconds. */
  readonly lifetime?: Lifetimes;
  /** How the cookie is set. */
  readonly cookie?: CookieOptions;
  /**
   * How sessions travel. Default `cookie`. Of several, the first that a request brings a token by counts, and the answer goes the same
   * way; a request without any is answered by the first, or by the one whose header it sends empty. `cookie.secrets` sign tokens on all.
   */
  readonly transport?: TransportOption | readonly TransportOption[];
  /** What of a request sessions are bound to. Default: nothing. */
  readonly binding?: BindingOptions;
  /** How sessions are encrypted in the store. Default: not, except where they travel in a sealed cookie. */
  readonly encryption?: EncryptionOptions;
  /**
   * What a request gets when sessions cannot work, since the store is out of reach or a secret or an address is missing in the
   * environment: `error` (default), a SessionError (of status 503 for the store; a missing secret is thrown when the application
   * starts), or `null-session`, a session that reads as empty and refuses writes with an error that says what is missing.
   */
  readonly onStoreError?: "error" | "null-session";
  /** What is done with a stored session that cannot be read. Default `forget`. */
  readonly onUnreadable?: UnreadablePolicy;
  /** How long one operation of the store may take, in milliseconds. Default 2000. */
  readonly storeTimeout?: number;
  /**
   * How often changes are merged and tried again when others write first; the first time at once, then after pauses of random length.
   * Default 32: of so many requests that change one session at once none fails, since whoever is refused met one that was not.
   */
  readonly maxConflicts?: number;
  /**
   * How long a commit may take as a whole, in milliseconds: with all it takes to merge what others write, and the time that it waits for
   * other commits of the session. Default 10 000, and at least `storeTimeout`.
   */
  readonly commitTimeout?: number;
  /**
   * The most bytes that a session may take, encoded. Default 1 MiB; less where the backend has less. What is larger already can be read, and
   * be made smaller.
   */
  readonly maxBytes?: number;
  /** The current time; `Date.now` unless replaced in tests. */
  readonly clock?: Clock;
  /**
   * Is told of errors that reach nobody: a commit that failed where the host has no error handler, or a response that broke after it.
   * Default: `console.error`.
   */
  readonly onError?: (error: unknown) => void;
  /** Parts that the application brings itself; they go before all other options. */
  readonly parts?: SessionParts;
  /** Makes session ids; only for tests. Anything but 128 random bits or more, in base64url, is a hole. */
  readonly generateId?: () => string;
}

/** {@link SessionsOptions}, checked, with everything that sessions share. */
export interface SessionContext {
  /** Whose sessions these are: in front of every key, and in all that is signed, encrypted or hashed. */
  readonly identity: Identity;
  readonly fields: SessionDefinition;
  /** Absent: every slot is taken for what the fields say. */
  readonly history?: KnownHistory;
  readonly store: StoreAccess;
  readonly epoch: Epoch;
  readonly serializer: Format | CustomSerializer;
  readonly lifetime: Lifetimes;
  readonly cookie: ResolvedCookie;
  readonly transports: Transports;
  /** The request's headers that they read. */
  readonly vary: readonly string[];
  readonly binding?: BindingOptions;
  readonly encryption?: Encryption;
  /** What the store finds sessions by. */
  readonly texts: IndexTexts;
  readonly onStoreError: "error" | "null-session";
  /** For how long the bytes of a session that cannot be read are kept aside; absent: they are not. */
  readonly quarantine?: number;
  readonly maxConflicts: number;
  readonly commitTimeout: number;
  readonly maxBytes: number;
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
  readonly generateId: () => string;
  readonly events: EventHub;
  /** The secret that is missing in the environment, while `onStoreError` says to go on without sessions. */
  readonly missing?: SessionError;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const defaultLifetime: Lifetimes = {
  idle: 30 * MINUTE,
  absolute: 12 * 60 * MINUTE,
  permanent: { idle: 31 * DAY, absolute: 90 * DAY },
};

/**
 * Fills in the defaults.
 * @throws SessionError `env/missing` unless `onStoreError` is `null-session`, `cookie/invalid-option`, `cookie/weak-secret`, `encryption/weak-secret`, `encryption/no-secret`, `transport/invalid-option`,
 *   `session/invalid-part`, `session/weak-id`
 */
export function resolveOptions(options: SessionsOptions): SessionContext {
  const events = new EventHub();
  const { cookie, ...records } = resolveEnvironment(options);
  const parts = partsOf(options.parts);
  const quarantine = quarantineTime(options.onUnreadable ?? "forget");
  const transports = resolveTransports(parts.transport ?? options.transport ?? "cookie", cookie);
  const { storeTimeout = 2000 } = options;
  const { deriveKey } = parts;
  const keyOf = deriveKey ? deriveWith(deriveKey, records.identity, options) : keyMaker(records.identity);
  const bytes = idBytes(options);
  const clock = parts.clock ?? options.clock ?? Date.now;
  const store = new StoreAccess(
    parts.store ?? options.store,
    storeTimeout,
    events,
    records.identity.tag,
    keyOf,
  );
  return {
    store,
    epoch: new Epoch(store, clock, noIndexValues(options.fields)),
    serializer: parts.serializer ?? options.serializer ?? "packed",
    lifetime: options.lifetime ?? defaultLifetime,
    cookie,
    transports,
    vary: transports.flatMap(({ vary }) => vary),
    ...(options.binding && { binding: options.binding }),
    ...records,
    onStoreError: options.onStoreError ?? "error",
    ...(quarantine !== undefined && { quarantine }),
    maxConflicts: options.maxConflicts ?? 32,
    commitTimeout: Math.max(options.commitTimeout ?? 10_000, storeTimeout),
    maxBytes: options.maxBytes ?? 2 ** 20,
    onError: parts.onError ?? options.onError ?? ((error) => console.error(error)),
    clock,
    generateId: parts.generateId ?? options.generateId ?? (() => generateId(bytes)),
    events,
  };
}

/** What takes secrets or an address out of the environment. Without one of them none is of use, nor is any used. */
function resolveEnvironment(
  options: SessionsOptions,
): RecordContext & Pick<SessionContext, "cookie" | "missing"> {
  try {
    const identity = resolveIdentity(options);
    return { cookie: resolveCookie(options.cookie ?? {}, identity), ...recordContext(options, identity) };
  } catch (error) {
    if (options.onStoreError !== "null-session" || !isMissing(error)) throw error;
    const identity = identityOf({ application: "" });
    const { secrets: _, digest: __, salt: ___, acceptUnsigned: ____, ...cookie } = options.cookie ?? {};
    const texts = new IndexTexts(identity, []);
    return {
      identity,
      texts,
      fields: options.fields,
      cookie: resolveCookie(cookie, identity),
      missing: error,
    };
  }
}

function isMissing(error: unknown): error is SessionError {
  return error instanceof SessionError && error.code === "env/missing";
}

/** Throws `session/weak-id` for fewer bytes than nobody guesses, and for more than tokens can have. */
function idBytes({ id: { bytes } = { bytes: 32 } }: SessionsOptions): number {
  if (Number.isInteger(bytes) && bytes >= 16 && bytes <= 64) return bytes;
  throw new SessionError("session/weak-id", `Ids have from 16 to 64 random bytes, not ${bytes}`);
}
