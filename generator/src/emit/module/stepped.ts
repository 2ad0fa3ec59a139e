import type { Doc } from "../../code/doc.js";
import { stringText, tallObject } from "../../code/syntax.js";
import type { ObjectType, Property, Type } from "../../model/model.js";
import { type Child, childrenOf } from "../../model/walk.js";
import { fallbackCode } from "./constant-code.js";
import { isOptional, substituteOf } from "./property.js";

/** An object some of whose properties were of other types before. */
export interface SteppedObject {
  readonly type: ObjectType;
  readonly steps: readonly Property[];
  /**
   * The object as it is stored: what has steps may be absent, for its value may be an older one.
   */
  readonly stored: ObjectType;
}

/** Tells which properties of an object were of other types; `undefined` where none was. */
export function steppedOf(type: Type | undefined): SteppedObject | undefined {
  if (type?.kind !== "object") return undefined;
  const steps = type.properties.filter(({ former }) => former !== undefined);
  if (steps.length === 0) return undefined;
  const properties = type.properties.map((property): Property => {
    if (property.former === undefined) return property;
    const { default: _, catch: __, former: ___, exact, ...rest } = property;
    const isExact = exact === true || !property.optional || substituteOf(property) !== undefined;
    return { ...rest, optional: true, ...(isExact && { exact: true }) };
  });
  return { type, steps, stored: { ...type, properties } };
}

/** Gives the text of the type that the stored object has, in terms of the one that it becomes. */
export function storedText(callee: string, text: string, { steps }: SteppedObject): string {
  return `${callee}<${text}, ${steps.map(({ name }) => stringText(name)).join(" | ")}>`;
}

/** Gives what the runtime is told of a property that was of other types. */
export function stepCode(
  property: Property,
  parts: { readonly codec: Doc; readonly check: string; readonly former: Doc },
  typed: (code: Doc) => Doc,
): Doc {
  const substitute = substituteOf(property);
  return tallObject([
    `name: ${stringText(property.name)}`,
    `slot: ${property.slot}`,
    ["codec: ", parts.codec],
    `check: ${parts.check}`,
    ...(substitute === undefined ? [] : [["default: ", fallbackCode(substitute, typed)]]),
    ...(isOptional(property) || substitute !== undefined ? [] : ["required: true"]),
    ["former: ", parts.former],
  ]);
}

/** Gives the types inside of a type, those that its properties were of before among them. */
export function insideOf(type: Type): readonly Child[] {
  if (type.kind !== "object") return childrenOf(type);
  const former = type.properties.flatMap((property) =>
    (property.former ?? []).map(
      (one, index): Child => ({
        type: one.type,
        place: { kind: "property", property: { ...property, name: `${property.name} v${index + 1}` } },
      }),
    ),
  );
  return [...childrenOf(type), ...former];
}
