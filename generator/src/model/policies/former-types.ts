import type { ModelContext } from "../context.js";
import type { Field, FormerType, ObjectType, Property } from "../model.js";
import { optional } from "../reflect.js";
import { maxBytes } from "../size.js";
import { propertyOf } from "../types.js";
import { changedAt, startsPath } from "./changed-at.js";
import type { FieldPolicy } from "./policies.js";

/**
 * Reads the schemas that a field or a part of one had before its type changed. Their slots are
 * those that the lock gave them then.
 */
export function formerTypesOf(
  context: ModelContext,
  name: string,
  { upcast = [] }: FieldPolicy,
): FormerType[] {
  return upcast.map(({ from, module, export: up, down }, index) => {
    const path = [...name.split(/\[?\]?\.|\[\]/).filter((step) => step !== ""), `v${index + 1}`];
    const { result, types } = context.apart(() => propertyOf(context, path.join(" "), from, path, 1));
    return {
      slot: -1,
      type: result.type,
      ...(Object.keys(types).length > 0 && { types }),
      module,
      up,
      ...(down !== undefined && { down }),
    };
  });
}

/** Writes the steps of parts of fields to the properties that they are of. */
export function withFormerParts(
  context: ModelContext,
  fields: readonly Field[],
  policies: Readonly<Record<string, FieldPolicy>>,
): Field[] {
  let all = [...fields];
  for (const [path, policy] of Object.entries(policies)) {
    if (policy.upcast === undefined || fields.some(({ name }) => name === path)) continue;
    all = all.map((field) => {
      if (!startsPath(field.name, path)) return field;
      const former = formerTypesOf(context, path, policy);
      const problems = new Set(wayBack(policy));
      let found = false;
      const property = (one: Property, owner: ObjectType): Property => {
        found = true;
        for (const problem of unfit(one, owner)) problems.add(problem);
        return { ...one, former };
      };
      const type = changedAt(context, field.type, path.slice(field.name.length), { property });
      if (type === undefined || !found)
        problems.add(`steps are for properties, and nothing called ${path} is one`);
      for (const problem of problems)
        context.problem("model/upcast-inside", ["fields", path], `fields.${path}.upcast: ${problem}`);
      if (type === undefined) return field;
      const { maxBytes: _, ...others } = field;
      return { ...others, type, ...optional("maxBytes", maxBytes(type)) };
    });
  }
  return all;
}

function wayBack({ upcast = [] }: FieldPolicy): string[] {
  return upcast.flatMap(({ down }, index) =>
    down === undefined ? [`step ${index + 1} has no \`down\``] : [],
  );
}

/** What of a property stands in the way of steps. */
function unfit({ type }: Property, { rest }: ObjectType): string[] {
  return [
    ...(type.kind === "literal" ? ["there is but one value of today's type"] : []),
    ...(rest === "strip" || rest === "strict"
      ? []
      : [
          "the object around it has keys that the schema does not list, and would show what is kept beside it",
        ]),
  ];
}
