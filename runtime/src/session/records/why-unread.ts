import type { FieldDefinition } from "../../codec/definition.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { PlainCodec } from "../../codec/plain/codec.js";
import { unmade } from "../../codec/record/former.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import { SessionFieldError } from "../../errors.js";
import { isCarried } from "./sealed-fields.js";
import { isMember, memberIn } from "./unread-members.js";

const plain = new PlainCodec("json");

/**
 * Says why the stored value of a field cannot be read, and quotes nothing of it; `undefined`: it
 * can be.
 */
export function whyUnread(field: FieldDefinition, packed: Uint8Array): UnreadableValue | undefined {
  if (isMember(packed)) return whyMember(field, packed);
  if (packed === unmade) return new UnreadableValue("a value that can be made of the one before");
  // With a key: of whatever encrypted it. Without: should be encrypted and is not.
  if (isCarried(packed)) {
    const isPlain = packed[1] === 0;
    return new UnreadableValue(isPlain ? "an encrypted value" : "a value that one of the secrets opens");
  }
  return thrownBy(field, new PackedReader(packed));
}

/** Gives what reading a value throws; `undefined`: nothing. */
export function thrownBy(field: FieldDefinition, reader: PackedReader): UnreadableValue | undefined {
  try {
    field.codec.read(reader);
    reader.end();
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableValue) return error;
    throw error;
  }
}

function whyMember(field: FieldDefinition, packed: Uint8Array): UnreadableValue {
  const [name, value] = memberIn(packed);
  try {
    field.check(field.codec.fromPlain(value, plain));
  } catch (error) {
    if (error instanceof UnreadableValue) {
      error.path = [name, ...(error.path ?? [])];
      return error;
    }
    if (error instanceof SessionFieldError) {
      const why = new UnreadableValue(error.expected);
      why.path = [error.path];
      return why;
    }
  }
  return new UnreadableValue("what the schema says");
}
