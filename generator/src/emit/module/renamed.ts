import type { Doc } from "../../code/doc.js";
import { array, stringText } from "../../code/syntax.js";
import { constantText } from "../../model/constant-text.js";
import type { EnumMember, LiteralType, Renamed, StoredNames } from "../../model/model.js";

/** What things are called where they are stored by name, as an argument: `["name", "fullName"]`. */
function storedCode(stored: StoredNames): Doc {
  return array(stored.map((name) => constantText({ kind: "json", value: name })));
}

/** Gives the members of an enum that documents call otherwise. */
export function renamedMembers(members: readonly EnumMember[]): Renamed[] {
  return members.flatMap(({ value, stored }) => (stored === undefined ? [] : [{ now: value, stored }]));
}

/**
 * Gives the argument of a codec some of whose values are stored as others; none where nothing is.
 * @param cast - the enum whose members the values are
 */
export function renamedArgument(renamed: readonly Renamed[] | undefined, cast?: string): Doc[] {
  if (renamed === undefined || renamed.length === 0) return [];
  return [
    array(
      renamed.map(({ now, stored }) =>
        array([
          constantText({ kind: "json", value: now }) + (cast === undefined ? "" : ` as ${cast}`),
          storedCode(stored),
        ]),
      ),
    ),
  ];
}

/** Gives a literal's values as they are stored. */
export function storedValues({ values, renamed = [] }: LiteralType): LiteralType["values"] {
  return values.map((constant) => {
    const found = constant.kind === "json" ? renamed.find(({ now }) => now === constant.value) : undefined;
    return found === undefined ? constant : { kind: "json", value: found.stored[0] };
  });
}

/** Gives a member of an object literal that says what documents call the members of an object. */
export function storedMember(name: string, stored: StoredNames): Doc {
  return [`${name}: `, array(stored.map((one) => stringText(String(one))))];
}
