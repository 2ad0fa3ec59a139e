import { type FieldDefinition, type IndexedValue, storedNames } from "../../codec/definition.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { PlainCodec } from "../../codec/plain/codec.js";
import { formatOf } from "../../codec/record/codec.js";
import { isCompressed } from "../../codec/record/compressed.js";
import { packedOf } from "../../codec/record/former.js";
import type { Format, Serializer, SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import { Keyring } from "../../crypto/keyring.js";
import type { StoredSession, Version } from "../../stores/store.js";
import type { SessionContext, SessionsOptions } from "../context/options.js";
import { resolveOptions } from "../context/resolve.js";
import { isLease } from "../lifecycle/lease.js";
import { certain } from "../lookup/candidates.js";
import { destroyBy } from "../lookup/destroy.js";
import { isSessionKey } from "./keys.js";
import { isQuarantined, originalKey } from "./quarantine.js";
import { type ReplayOptions, type ReplayOutcome, replay } from "./replay.js";
import { decodeStored, openStored, unpackStored } from "./stored-record.js";
import { handingOver, type ToolOptions } from "./tools.js";
import { type Unreadability, whyField, whyPayload } from "./unreadability.js";

/** A session as it is stored, for whoever looks into the store. */
export interface InspectedSession {
  readonly key: string;
  readonly version: Version;
  /** The size of the payload. */
  readonly bytes: number;
  /**
   * Below encryption and compression. `undefined`: begins like none of them, or cannot be
   * decrypted.
   */
  readonly format: Format | "custom" | undefined;
  /** As a whole; its fields may be, too. */
  readonly isEncrypted: boolean;
  readonly isCompressed: boolean;
  /** When the store's record ends, or the absolute lifetime if that is sooner. */
  readonly expiresAt: Date;
  /** `undefined`: the payload cannot be decoded. */
  readonly content: SessionContent | undefined;
  /** Why not, then. */
  readonly why?: Unreadability;
}

/** What a payload says. */
export interface SessionContent {
  readonly createdAt: Date;
  readonly permanent: boolean;
  /** The stored ones, in slot order. */
  readonly fields: readonly InspectedField[];
  /**
   * Keys that the schema does not know. Without their values: nobody knows whether they may be
   * shown.
   */
  readonly unknown: readonly string[];
  /** How many slots the schema does not know. */
  readonly unknownSlots: number;
}

/** A stored field. */
export type InspectedField =
  | {
      readonly name: string;
      readonly state: "readable";
      readonly value: unknown;
      /** As the json format holds it. */
      readonly plain: unknown;
    }
  /** Marked `redact`. */
  | { readonly name: string; readonly state: "redacted" }
  /** Not what the schema says; also one that is marked `redact`. */
  | { readonly name: string; readonly state: "unreadable"; readonly why: Unreadability };

/**
 * Looks into a store without using sessions: nothing is touched, no flash field counts as shown.
 * For tools.
 */
export interface StoredSessions {
  /**
   * Reads the session under the store's key (see `storeKey`), or what was kept aside of one (see
   * `quarantineKey`). One that is over is not there, even if it is still stored.
   */
  read(key: string): Promise<InspectedSession | undefined>;
  /**
   * Puts back what was kept aside under that key, now that it can be read, and takes it out of
   * quarantine. A session that has ended is never brought back, and nobody is logged in.
   */
  replay(key: string, options?: ReplayOptions): Promise<ReplayOutcome>;
  /**
   * Does as `findBy` of the sessions; of those that cannot be read, too, if the store says that
   * they have the value.
   */
  findBy(path: string, value: IndexedValue): AsyncIterable<InspectedSession>;
  /**
   * Does as `destroyBy` of the sessions; `except` is the id of a session that stays.
   * @param onRemoved - is told, from time to time, how many more were removed
   */
  destroyBy(
    path: string,
    value: IndexedValue,
    except?: string,
    onRemoved?: (count: number) => void,
  ): Promise<number>;
  /** Does as `revokeAll` of the sessions. */
  revokeAll(): Promise<void>;
}

/** What {@link storedSessions} needs; the same as the application's own. */
export type StoredSessionsOptions = Pick<
  SessionsOptions,
  | "application"
  | "realm"
  | "name"
  | "fields"
  | "history"
  | "store"
  | "lifetime"
  | "storeTimeout"
  | "cookie"
  | "previous"
  | "clock"
  | "compression"
  | "maxBytes"
> &
  Pick<ToolOptions, "encryption"> & { readonly serializer?: Serializer | undefined };

/** Opens the sessions of a store for looking at them. The store is the caller's, who closes it. */
export function storedSessions(options: StoredSessionsOptions): StoredSessions {
  const { serializer, ...others } = handingOver(options);
  const context = resolveOptions({ ...others, ...(serializer && { serializer }) });
  return {
    async read(key) {
      const stored = await context.store.read(key);
      if (stored === undefined) return undefined;
      const isAside = isQuarantined(key);
      if (!(isAside || isSessionKey(key))) return undefined;
      const record = recordOf(context, key, stored);
      if (record !== undefined && (isLease(record) || record.trace !== undefined)) return undefined;
      // What was kept aside outlives its session.
      if (!isAside && record !== undefined && (await context.epoch.isOver(record))) return undefined;
      return inspected(context, key, stored, record);
    },
    replay: (key, options) => replay(context, key, options),
    async *findBy(path, value) {
      for await (const { key, stored, record } of certain(context, { path, value }))
        yield inspected(context, key, stored, record);
    },
    destroyBy: (path, value, except, onRemoved) => destroyBy(context, { path, value }, except, onRemoved),
    revokeAll: () => context.epoch.renew(),
  };
}

function inspected(
  context: SessionContext,
  key: string,
  stored: StoredSession,
  record: SessionRecord | undefined,
): InspectedSession {
  const { payload, version } = stored;
  const { absolute } = record?.permanent ? context.lifetime.permanent : context.lifetime;
  // What was kept aside outlives its session.
  const last = record === undefined || isQuarantined(key) ? Infinity : record.createdAt + absolute;
  return {
    key,
    version,
    bytes: payload.byteLength,
    ...formOf(context, originalKey(key), payload),
    expiresAt: new Date(Math.min(stored.expiresAt, last)),
    content: record && contentOf(context, record, payload),
    ...(record === undefined && { why: whyPayload(context, originalKey(key), payload) }),
  };
}

/** In what form a payload is, as far as it can be taken apart. */
function formOf(
  context: SessionContext,
  key: string,
  payload: Uint8Array,
): Pick<InspectedSession, "format" | "isEncrypted" | "isCompressed"> {
  const isEncrypted = Keyring.isSealed(payload);
  try {
    const opened = openStored(context, payload, key);
    return {
      format: formatOf(unpackStored(context, payload, key)),
      isEncrypted,
      isCompressed: isCompressed(opened),
    };
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return { format: formatOf(payload), isEncrypted, isCompressed: isCompressed(payload) };
  }
}

function recordOf(
  context: SessionContext,
  key: string,
  { payload }: StoredSession,
): SessionRecord | undefined {
  try {
    return decodeStored(context, payload, originalKey(key));
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return undefined;
  }
}

function contentOf({ fields }: SessionContext, record: SessionRecord, payload: Uint8Array): SessionContent {
  const known = new Set(fields.flatMap(({ slot, former = [] }) => [slot, ...former.map((one) => one.slot)]));
  const names = new Set(fields.flatMap((field) => storedNames(field)));
  return {
    createdAt: new Date(record.createdAt),
    permanent: record.permanent,
    fields: fields.flatMap((field) => {
      const packed = packedOf(record, field);
      return packed === undefined ? [] : [inspectedField(field, packed, payload)];
    }),
    unknown: Object.keys(record.unknown ?? {}).filter((name) => !names.has(name)),
    unknownSlots: [...record.fields.keys()].filter((slot) => !known.has(slot)).length,
  };
}

const json = new PlainCodec("json");

function inspectedField(field: FieldDefinition, packed: Uint8Array, payload: Uint8Array): InspectedField {
  const { name } = field;
  const why = whyField(field, packed, payload);
  if (why !== undefined) return { name, state: "unreadable", why };
  if (field.redact) return { name, state: "redacted" };
  const value = field.codec.read(new PackedReader(packed));
  return { name, state: "readable", value, plain: field.codec.toPlain(value, json) };
}
