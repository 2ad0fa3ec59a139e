import type { FieldDefinition } from "../../codec/definition.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { PlainCodec } from "../../codec/plain/codec.js";
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
  if (isMember(packed)) return whyMember(field, memberIn(packed));
  // With a key: of whatever encrypted it. Without: should be encrypted and is not.
  if (isCarried(packed))
    return new UnreadableValue(
      packed[1] === 0 ? "an encrypted value" : "a value that one of the secrets opens",
    );
  try {
    const reader = new PackedReader(packed);
    field.codec.read(reader);
    reader.end();
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableValue) return error;
    throw error;
  }
}

function whyMember(field: FieldDefinition, member: unknown): UnreadableValue {
  try {
    field.check(field.codec.fromPlain(member, plain));
  } catch (error) {
    if (error instanceof UnreadableValue) return error;
    if (error instanceof SessionFieldError) return new UnreadableValue(error.expected);
  }
  return new UnreadableValue("what the schema says");
}
