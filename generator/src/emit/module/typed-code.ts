import type { Doc } from "../../code/doc.js";
import { binary } from "../../code/syntax.js";
import type { Type } from "../../model/model.js";
import type { Emission } from "./emission.js";
import type { TypeTexts } from "./kinds/kind.js";

/**
 * Gives a constant with its type where that has members of an enum: the constant has their values.
 */
export function typedCode(code: Doc, type: Type, emission: Emission, to: TypeTexts): Doc {
  return emission.hasEnum(type) ? binary(code, ` as ${to.of(type)}`) : code;
}
