import type { Field, SessionModel, Type } from "../../model/model.js";
import { resolveType } from "../../model/resolve.js";
import type { TypeTexts } from "./kinds/kind.js";
import { unionMembers, unionText } from "./union-text.js";

/**
 * Gives what the getter of a field returns: `undefined` only where no default stands in for the
 * absent value.
 */
export function fieldText(field: Field, to: TypeTexts): string {
  return mayBeUndefined(field) ? unionText([...to.members(field.type), "undefined"]) : to.of(field.type);
}

/** Gives what the setter of a field takes, and its check lets through. */
export function assignableText(field: Field, to: TypeTexts): string {
  return assignableMembers(field, to).join(" | ");
}

/** Gives the texts whose union that is. */
function assignableMembers(field: Field, to: TypeTexts): readonly string[] {
  return unionMembers([...to.members(field.type), ...(field.optional ? ["undefined"] : [])]);
}

/** Gives the texts of what the field holds: what setters take, without that which removes it. */
export function heldMembers(field: Field, to: TypeTexts): readonly string[] {
  return mayBeUndefined(field) ? assignableMembers(field, to) : unionMembers(to.members(field.type));
}

/** Tells whether the field reads as `undefined` when it is absent. */
export function mayBeUndefined(field: Field): boolean {
  return field.default === undefined;
}

/** Gives the fields that are flash lists, with the types of their elements. */
export function flashLists(
  model: SessionModel,
): readonly { readonly field: Field; readonly element: Type }[] {
  return model.fields.flatMap((field) => {
    const type = resolveType(field.type, model.types);
    return field.policy.flash && type.kind === "array" ? [{ field, element: type.element }] : [];
  });
}
