import { zlib } from "../../codec/record/compressed.js";
import { KnownHistory } from "../../codec/record/history.js";
import { resolveCookie } from "../../cookie/options.js";
import { generateId } from "../../crypto/id.js";
import { identityOf, keyMaker } from "../../crypto/identity.js";
import { SessionError } from "../../errors.js";
import { resolveTransports } from "../../transports/options.js";
import { StoreAccess } from "../lifecycle/store-access.js";
import { handedOn, ownStore } from "../lifecycle/store-source.js";
import { IndexStates } from "../lookup/index-states.js";
import { IndexTexts } from "../records/index-texts.js";
import { noIndexValues } from "../records/index-values.js";
import type { Lifetimes } from "../state/lifetime.js";
import { Epoch } from "./epoch.js";
import { EventHub } from "./events.js";
import { handedOver } from "./handed-over.js";
import type { SessionContext, SessionsOptions } from "./options.js";
import { checkedSerializer, deriveWith, partsOf } from "./parts.js";
import { previousIdentities, previousOf } from "./previous.js";
import { type RecordContext, recordContext, resolveIdentity } from "./record-context.js";
import { quarantineTime } from "./unreadable-policy.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const defaultLifetime: Lifetimes = {
  idle: 30 * MINUTE,
  absolute: 12 * 60 * MINUTE,
  permanent: { idle: 31 * DAY, absolute: 90 * DAY },
};

/**
 * Fills in the defaults.
 * @throws SessionError `env/missing` unless `onStoreError` is `null-session`,
 *   `cookie/invalid-option`, `cookie/weak-secret`, `encryption/weak-secret`,
 *   `encryption/no-secret`, `transport/invalid-option`, `session/invalid-part`,
 *   `session/no-application`, `session/no-compression`, `session/weak-id`
 */
export function resolveOptions(options: SessionsOptions, events: EventHub = new EventHub()): SessionContext {
  const { cookie, ...records } = resolveEnvironment(options);
  const parts = partsOf(options.parts);
  const quarantine = quarantineTime(options.onUnreadable ?? "forget");
  const transports = resolveTransports(parts.transport ?? options.transport ?? "cookie", cookie);
  const { storeTimeout = 2000 } = options;
  const { deriveKey } = parts;
  const keyOf = deriveKey ? deriveWith(deriveKey, records.identity, options) : keyMaker(records.identity);
  const bytes = idBytes(options);
  const clock = parts.clock ?? options.clock ?? Date.now;
  const given = parts.store ?? options.store;
  const store = new StoreAccess({
    source:
      typeof given === "function"
        ? handedOn(given, records.identity.text, options.storeName)
        : ownStore(() => given),
    timeout: storeTimeout,
    events,
    application: records.identity.tag,
    keyOf,
  });
  const indexes = new IndexStates(store, clock, options.fields);
  return {
    store,
    epoch: new Epoch(store, clock, noIndexValues(options.fields), {
      begin: () => indexes.begin(),
      enter: () => indexes.enter(),
    }),
    indexes,
    serializer: checkedSerializer(parts.serializer ?? options.serializer ?? "packed"),
    lifetime: options.lifetime ?? defaultLifetime,
    cookie,
    transports,
    vary: transports.flatMap(({ vary }) => vary),
    ...(options.binding && { binding: handedOver(options.binding, "of", "binding", "bindTo") }),
    ...(options.check && { check: options.check }),
    ...records,
    onStoreError: options.onStoreError ?? "error",
    ...(quarantine !== undefined && { quarantine }),
    maxConflicts: options.maxConflicts ?? 32,
    commitTimeout: Math.max(options.commitTimeout ?? 10_000, storeTimeout),
    maxBytes: options.maxBytes ?? 2 ** 20,
    ...compressionOf(options),
    ...(options.previous !== undefined &&
      records.missing === undefined && { previous: previousOf(options, store, clock, records.identity) }),
    onError: parts.onError ?? options.onError ?? ((error) => console.error(error)),
    clock,
    generateId: parts.generateId ?? options.generateId ?? (() => generateId(bytes)),
    events,
  };
}

/**
 * What takes secrets or an address out of the environment. Without one of them none is of use, nor
 * is any used.
 */
function resolveEnvironment(
  options: SessionsOptions,
): RecordContext & Pick<SessionContext, "cookie" | "missing"> {
  try {
    const identity = resolveIdentity(options);
    const before = previousIdentities(options).map((one) => one.identity);
    return {
      cookie: resolveCookie(options.cookie ?? {}, identity, before),
      ...recordContext(options, identity),
    };
  } catch (error) {
    if (options.onStoreError !== "null-session" || !isMissing(error)) throw error;
    const identity = identityOf({ application: "" });
    const { secrets: _, digest: __, salt: ___, acceptUnsigned: ____, ...cookie } = options.cookie ?? {};
    const texts = new IndexTexts(identity, []);
    return {
      identity,
      texts,
      fields: options.fields,
      history: new KnownHistory(options.history, options.fields),
      cookie: resolveCookie(cookie, identity),
      missing: error,
    };
  }
}

/** @throws SessionError `session/no-compression` */
function compressionOf({ compression }: SessionsOptions): Pick<SessionContext, "compression"> {
  if (compression === undefined) return {};
  if (zlib() !== undefined) return { compression };
  throw new SessionError("session/no-compression", "This runtime has no node:zlib to compress sessions with");
}

function isMissing(error: unknown): error is SessionError {
  return error instanceof SessionError && error.code === "env/missing";
}

/**
 * Throws `session/weak-id` for fewer bytes than nobody guesses, and for more than tokens can have.
 */
function idBytes({ id: { bytes } = { bytes: 32 } }: SessionsOptions): number {
  if (Number.isInteger(bytes) && bytes >= 16 && bytes <= 64) return bytes;
  throw new SessionError("session/weak-id", `Ids have from 16 to 64 random bytes, not ${bytes}`);
}
