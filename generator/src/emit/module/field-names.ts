import { camelCase, helperNames, pascalCase, Scope } from "../../code/names.js";
import type { Field, SessionModel, Type } from "../../model/model.js";
import { resolveType } from "../../model/resolve.js";
import { namedTypes } from "./named-types.js";
import { typeText, unionText } from "./type-text.js";

/** The names of the functions in `checks.ts`. */
export interface CheckNames {
  /** By name of the type. */
  readonly types: ReadonlyMap<string, string>;
  /** By name of the field. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Names each check: `checkCartItem` for a type, `checkCart` for a field, `checkUserField` where a
 * type has the name.
 */
export function checkNames(model: SessionModel): CheckNames {
  // `fields.ts` has all of these in scope.
  const scope = new Scope([
    ...helperNames,
    ...model.fields.map(fieldConstant),
    ...model.fields.map(codecConstant),
  ]);
  const types = new Map<string, string>();
  for (const name of namedTypes(model).keys()) types.set(name, scope.declare(`check${name}`));
  const taken = new Set(types.values());
  const fields = new Map<string, string>();
  for (const field of model.fields) {
    const wish = `check${pascalCase(field.name)}`;
    fields.set(field.name, scope.declare(taken.has(wish) ? `${wish}Field` : wish));
  }
  return { types, fields };
}

/** The constant of a field in `fields.ts`: `cartField`. */
export function fieldConstant(field: Field): string {
  return `${camelCase(field.name)}Field`;
}

/** The constant of a field in `codec.ts`: `cartCodec`. */
export function codecConstant(field: Field): string {
  return `${camelCase(field.name)}Codec`;
}

/**
 * What the getter of a field returns: `undefined` only where no default stands in for the absent
 * value.
 */
export function fieldTypeText(field: Field): string {
  const text = typeText(field.type);
  return mayBeUndefined(field) ? withUndefined(text) : text;
}

/** What the setter of a field takes, and its check lets through. */
export function assignableTypeText(field: Field): string {
  const text = typeText(field.type);
  return field.optional && mayBeUndefined(field) ? withUndefined(text) : text;
}

/**
 * Whether the field reads as `undefined` when it is absent. A catch stands in like a default, as it
 * does in Zod.
 */
export function mayBeUndefined(field: Field): boolean {
  return field.default === undefined && field.catch === undefined;
}

/** The fields that are flash lists, with the types of their elements. */
export function flashLists(
  model: SessionModel,
): readonly { readonly field: Field; readonly element: Type }[] {
  return model.fields.flatMap((field) => {
    const type = resolveType(field.type, model.types);
    return field.policy.flash && type.kind === "array" ? [{ field, element: type.element }] : [];
  });
}

function withUndefined(text: string): string {
  return /(^|\| )undefined$/.test(text) ? text : unionText([text, "undefined"]);
}
