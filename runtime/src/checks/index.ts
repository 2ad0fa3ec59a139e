export { childPath } from "./child-path.js";
export { fail, passes } from "./fail.js";
export {
  type FormatTest,
  isBase64,
  isBase64url,
  isEmail,
  isGuid,
  isIpv4,
  isIpv6,
  isIsoDate,
  isIsoDatetime,
  isJwt,
  isUrl,
  isUuid,
} from "./formats.js";
export { isRecord } from "./is-record.js";
export { isDate, isList, isMap, isSet } from "./kinds.js";
export { isLonger, isShorter } from "./length.js";
export { hasOnly, isPlainRecord, membersOf, ownMember } from "./members.js";
export { isMultipleInDigits, isMultipleOf } from "./multiple-of.js";
export { numberOfKey } from "./number-key.js";
export { isFiniteNumber, isInteger, isNumber, isSafeInteger } from "./numbers.js";
export { isOneOf, oneOf } from "./one-of.js";
export { schemaOf, type UserSchema } from "./schema-of.js";
export { checkStorable } from "./storable.js";
