/** What emitted code may import from the runtime's main module: nothing else in it is called so. */
export const runtimeNames = [
  "Codec",
  "FieldDefinition",
  "History",
  "MergeFunction",
  "PackedReader",
  "PackedWriter",
  "PlainCodec",
  "REST",
  "SessionBase",
  "SessionDefinition",
  "SessionError",
  "SessionStore",
  "Sessions",
  "Stepped",
  "UnreadableValue",
  "bigintCodec",
  "booleanCodec",
  "byEnvironment",
  "bufferCodec",
  "bytesCodec",
  "checkStorable",
  "childPath",
  "createSessions",
  "dateCodec",
  "enumCodec",
  "env",
  "fail",
  "hasOnly",
  "isBase64",
  "isBase64url",
  "isDate",
  "isEmail",
  "isFiniteNumber",
  "isGuid",
  "isInteger",
  "isIpv4",
  "isIpv6",
  "isIsoDate",
  "isIsoDatetime",
  "isJwt",
  "isList",
  "isLonger",
  "isMap",
  "isMultipleInDigits",
  "isMultipleOf",
  "isNumber",
  "isOneOf",
  "isPlainRecord",
  "isRecord",
  "isSafeInteger",
  "isSet",
  "isShorter",
  "isUrl",
  "isUuid",
  "lazyCodec",
  "listCodec",
  "literalCodec",
  "mapCodec",
  "membersOf",
  "nullCodec",
  "objectCodec",
  "openObjectCodec",
  "nullableCodec",
  "numberCodec",
  "numberOfKey",
  "oneOf",
  "optionalCodec",
  "ownMember",
  "passes",
  "recordCodec",
  "renamedKeysCodec",
  "restOf",
  "schemaOf",
  "setCodec",
  "steppedCodec",
  "stringCodec",
  "taggedCodec",
  "tupleCodec",
  "undefinedCodec",
  "unknownEnvironment",
  "upcast",
  "unknownCodec",
] as const;

/** One of {@link runtimeNames}. */
export type RuntimeName = (typeof runtimeNames)[number];

/** What emitted code uses without importing it. */
const globals = [
  "Array",
  "ArrayBuffer",
  "BigInt",
  "Boolean",
  "Buffer",
  "Date",
  "Error",
  "Function",
  "Infinity",
  "JSON",
  "Map",
  "Math",
  "NaN",
  "Number",
  "Object",
  "Partial",
  "Pick",
  "Promise",
  "Readonly",
  "Record",
  "RegExp",
  "Set",
  "String",
  "Symbol",
  "URL",
  "Uint8Array",
] as const;

/** What `types.ts` declares besides the types of the schema. */
const declared = [
  "Session",
  "SessionClient",
  "SessionData",
  "SessionFlash",
  "SessionIndexes",
  "SessionListed",
  "SessionPatch",
] as const;

const taken: ReadonlySet<string> = new Set([...runtimeNames, ...globals, ...declared]);

/**
 * Gives the name of a type in PascalCase; `DateType` where emitted code uses `Date` for something
 * else.
 * @param sessionClass - what the class of the sessions is called: no type may have that name
 */
export function typeName(name: string, sessionClass: string): string {
  return taken.has(name) || name === sessionClass ? `${name}Type` : name;
}

/** Names that a file keeps for what it may still use. */
export const reservedNames: ReadonlySet<string> = new Set([...runtimeNames, ...globals]);
