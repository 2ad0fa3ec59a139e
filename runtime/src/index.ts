export * from "./checks/index.js";
export type { CookieOptions } from "./cookie/options.js";
export { env } from "./env.js";
export {
  type ErrorEntry,
  type RuntimeErrorCode,
  runtimeErrors,
  SessionError,
  SessionFieldError,
} from "./errors.js";
export type { FieldCodec } from "./serializer/codec.js";
export {
  entriesOf,
  extraEntries,
  literal,
  plainMember,
  plainPairs,
  plainRecord,
  readList,
  readMap,
  readMember,
  readRecord,
  readSet,
} from "./serializer/collections.js";
export {
  beginObject,
  KeptSlots,
  keptFromPlain,
  keptToPlain,
  ObjectSlots,
} from "./serializer/object-slots.js";
export { PackedReader } from "./serializer/packed-reader.js";
export { PackedWriter } from "./serializer/packed-writer.js";
export { PlainCodec } from "./serializer/plain.js";
export type { CustomSerializer, Format, SessionRecord } from "./serializer/record.js";
export { decodeRecord, encodeRecord } from "./serializer/record-codec.js";
export { keyOf, objectOf, plainKey } from "./serializer/tagged.js";
export { UnreadableValue } from "./serializer/unreadable.js";
export type { BindingOptions, BoundPart } from "./session/binding.js";
export type {
  FieldDefinition,
  FieldIndex,
  IndexedValue,
  MergeFunction,
  MergePolicy,
  SessionDefinition,
} from "./session/definition.js";
export type { EncryptionOptions } from "./session/encryption.js";
export type { SessionEvents, SessionListener, StoreOperation } from "./session/events.js";
export { generateId, storeKey } from "./session/id.js";
export { indexValues } from "./session/index-values.js";
export type { LockOptions } from "./session/lease.js";
export type { Lifetime, Lifetimes } from "./session/lifetime.js";
export type { FoundSession } from "./session/lookup.js";
export type { SessionsOptions } from "./session/options.js";
export type { SessionParts } from "./session/parts.js";
export { quarantineKey, type UnreadablePolicy } from "./session/quarantine.js";
export { SessionBase, type SessionEntry } from "./session/session-base.js";
export {
  createSessions,
  type DataOf,
  type SessionClass,
  type Sessions,
} from "./session/sessions.js";
export type { SessionState } from "./session/state.js";
export { type ReadIndexValues, storedIndexValues } from "./session/stored-index-values.js";
export {
  type InspectedField,
  type InspectedSession,
  type SessionContent,
  type StoredSessions,
  type StoredSessionsOptions,
  storedSessions,
} from "./session/stored-sessions.js";
export { type SweepBatches, sweepInBatches } from "./session/sweep.js";
export type {
  Clock,
  Expectation,
  IndexValues,
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  SweepOptions,
  TouchOptions,
  Version,
  WriteOptions,
  WriteResult,
} from "./stores/store.js";
export type { TransportOption } from "./transports/options.js";
export type { RequestFacts, RequestHeaders } from "./transports/request.js";
export type {
  ResponseHeader,
  SessionTransport,
  TokenExpiry,
  TokenReading,
  TransportRequest,
} from "./transports/transport.js";
