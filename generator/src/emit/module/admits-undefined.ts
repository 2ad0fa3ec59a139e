import type { SessionModel, Type } from "../../model/model.js";

/** Tells whether a value of the type can be `undefined`. */
export function admitsUndefined(type: Type, model: SessionModel, within: readonly string[] = []): boolean {
  switch (type.kind) {
    case "undefined":
    case "optional":
    case "unknown":
      return true;
    case "literal":
      return type.values.some(({ kind }) => kind === "undefined");
    case "nullable":
      return admitsUndefined(type.inner, model, within);
    case "union":
      return type.variants.some((variant) => admitsUndefined(variant.type, model, within));
    case "ref": {
      const target = model.types[type.name];
      const known = target === undefined || within.includes(type.name);
      return !known && admitsUndefined(target, model, [...within, type.name]);
    }
    default:
      return false;
  }
}
