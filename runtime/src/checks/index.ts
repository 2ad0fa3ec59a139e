export { childPath } from "./child-path.js";
export { fail, passes } from "./fail.js";
export { isRecord } from "./is-record.js";
export { isMultipleOf } from "./multiple-of.js";
export { schemaOf, type UserSchema } from "./schema-of.js";
export { checkStorable } from "./storable.js";
