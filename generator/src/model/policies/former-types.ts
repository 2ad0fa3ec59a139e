import type { ModelContext } from "../context.js";
import type { FormerType } from "../model.js";
import { propertyOf } from "../types.js";
import { refsOf } from "../walk.js";
import type { FieldPolicy } from "./policies.js";

/**
 * Reads the schemas that a field had before its type changed. Their slots are those that the lock
 * gave them then.
 */
export function formerTypesOf(
  context: ModelContext,
  name: string,
  { upcast = [] }: FieldPolicy,
): FormerType[] {
  return upcast.map(({ from, module, export: up, down }, index) => {
    const path = [name, `v${index + 1}`];
    const known = context.refinements.length;
    const { type } = propertyOf(context, path.join(" "), from, path, 1);
    // What was stored has been judged when it was.
    context.refinements.length = known;
    if (refsOf(type).length > 0) {
      context.problem(
        "model/policy-mismatch",
        ["fields", name],
        `fields.${name}.upcast[${index}].from: a type that has a name, or contains itself, has slots of its own that an old value cannot be read by`,
        "Write the old type out, without .meta({ id }) and z.lazy().",
      );
    }
    return { slot: -1, type, module, up, ...(down !== undefined && { down }) };
  });
}
