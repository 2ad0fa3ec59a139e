export * from "./checks/index.js";
export type { Codec, FieldCodec } from "./codec/codec.js";
export type {
  FieldDefinition,
  FieldIndex,
  History,
  IndexedValue,
  MergeFunction,
  MergePolicy,
  SessionDefinition,
} from "./codec/definition.js";
export {
  type Member,
  type Members,
  objectCodec,
  openObjectCodec,
  type StoredMembers,
  type StoredTag,
  taggedCodec,
} from "./codec/object-codec.js";
export { restOf } from "./codec/packed/collections.js";
export { PackedReader } from "./codec/packed/reader.js";
export { PackedWriter, REST } from "./codec/packed/writer.js";
export { PlainCodec } from "./codec/plain/codec.js";
export {
  bigintCodec,
  booleanCodec,
  bufferCodec,
  bytesCodec,
  dateCodec,
  enumCodec,
  lazyCodec,
  listCodec,
  literalCodec,
  mapCodec,
  nullableCodec,
  nullCodec,
  numberCodec,
  optionalCodec,
  recordCodec,
  renamedKeysCodec,
  setCodec,
  stringCodec,
  tupleCodec,
  undefinedCodec,
  unknownCodec,
} from "./codec/ready.js";
export { decodeRecord, encodeRecord } from "./codec/record/codec.js";
export type {
  CustomSerializer,
  Format,
  MsgpackSerializer,
  Serializer,
  SessionRecord,
} from "./codec/record/record.js";
export type { Renamed } from "./codec/renamed.js";
export { type PropertyStep, type Stepped, steppedCodec } from "./codec/stepped.js";
export { UnreadableValue, UnverifiableHistory } from "./codec/unreadable.js";
export { type Upcast, type UpcastOptions, upcast } from "./codec/upcast.js";
export type { CookieOptions } from "./cookie/options.js";
export { generateId } from "./crypto/id.js";
export { type IdentityNames, identityOf, storeKey } from "./crypto/identity.js";
export { env } from "./env.js";
export { byEnvironment, unknownEnvironment } from "./environment.js";
export { type ErrorEntry, runtimeErrors } from "./error-fixes.js";
export { type RuntimeErrorCode, SessionError, SessionFieldError } from "./errors.js";
export type { SessionEvents, SessionListener, StoreOperation } from "./session/context/events.js";
export type { SessionsOptions } from "./session/context/options.js";
export type { SessionParts } from "./session/context/parts.js";
export type { PreviousKeys } from "./session/context/previous-keys.js";
export type { UnreadablePolicy } from "./session/context/unreadable-policy.js";
export {
  type BindingOptions,
  type BoundPart,
  bindTo,
  type SessionBinding,
} from "./session/lifecycle/binding.js";
export type { LockOptions } from "./session/lifecycle/lease.js";
export {
  createSessions,
  type DataOf,
  type SessionClass,
  type Sessions,
} from "./session/lifecycle/sessions.js";
export type { FoundSession, ListedSession } from "./session/lookup/list.js";
export { lookup, type SessionLookup } from "./session/lookup/lookup.js";
export { type SweepBatches, sweepInBatches } from "./session/lookup/sweep.js";
export {
  type EncryptionOptions,
  encryptWith,
  type SessionEncryption,
} from "./session/records/encryption.js";
export {
  type IndexNote,
  type IndexNotes,
  type IndexState,
  noteOf,
  readIndexNotes,
  subjectOf,
  writeIndexNotes,
} from "./session/records/index-notes.js";
export { epochKey, indexNotesKey, isSessionKey } from "./session/records/keys.js";
export { isQuarantined, quarantineKey } from "./session/records/quarantine.js";
export type { ReplayOptions, ReplayOutcome } from "./session/records/replay.js";
export { type StoredFacts, storedFacts } from "./session/records/stored-facts.js";
export { type ReadIndexValues, storedIndexValues } from "./session/records/stored-index-values.js";
export type { LeftBecause, StoredOptions } from "./session/records/stored-layers.js";
export {
  type RewriteOptions,
  type StoredChange,
  type StoredRewrite,
  storedRewrites,
} from "./session/records/stored-rewrites.js";
export { type SecretsInUse, storedSecrets } from "./session/records/stored-secrets.js";
export {
  type InspectedField,
  type InspectedSession,
  type SessionContent,
  type StoredSessions,
  type StoredSessionsOptions,
  storedSessions,
} from "./session/records/stored-sessions.js";
export type { Unreadability } from "./session/records/unreadability.js";
export type { Lifetime, Lifetimes } from "./session/state/lifetime.js";
export { SessionBase } from "./session/state/session-base.js";
export type { SessionEntry, SessionFields } from "./session/state/session-fields.js";
export type { SessionState } from "./session/state/state.js";
export type {
  Expectation,
  FindOptions,
  IndexedSession,
  IndexValues,
  ListedEntry,
  ListOptions,
  OperationOptions,
  RemovedState,
  RemoveOptions,
  SessionStore,
  StoredSession,
  SweepCursor,
  SweepOptions,
  TouchOptions,
  TouchResult,
  Version,
  WriteOptions,
  WriteResult,
} from "./stores/store.js";
export type { Clock } from "./time/clock.js";
export type { SessionCarrier } from "./transports/carrier.js";
export type { TransportOption } from "./transports/options.js";
export type { RequestFacts, RequestHeaders } from "./transports/request.js";
export type {
  ResponseHeader,
  SessionTransport,
  TokenExpiry,
  TokenReading,
  TransportRequest,
} from "./transports/transport.js";
