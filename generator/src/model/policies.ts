import { closest } from "../text.js";
import type { ModelContext } from "./context.js";
import type { Field, FieldPolicy, Type } from "./model.js";

/** Puts the policies of the config on the fields they name. */
export function applyPolicies(
  context: ModelContext,
  fields: readonly Field[],
  policies: Readonly<Record<string, FieldPolicy>>,
): Field[] {
  const names = fields.map(({ name }) => name);
  for (const path of Object.keys(policies)) {
    if (names.includes(path)) continue;
    const [head = ""] = path.split(".");
    if (names.includes(head)) {
      context.problem(
        "model/policy-mismatch",
        ["fields", path],
        `Policies belong to fields, and ${path} is inside of the field ${head}`,
        `Give the policy to ${head}.`,
      );
      continue;
    }
    const near = closest(path, names);
    context.problem(
      "model/unknown-field",
      ["fields", path],
      `The schema has no field ${path}`,
      near === undefined ? undefined : `Did you mean ${near}?`,
    );
  }
  return fields.map((field) => {
    const policy = policies[field.name];
    if (policy === undefined) return field;
    for (const problem of mismatches(field, policy, context)) {
      context.problem("model/policy-mismatch", ["fields", field.name], `fields.${field.name}: ${problem}`);
    }
    return { ...field, policy };
  });
}

function mismatches(field: Field, policy: FieldPolicy, context: ModelContext): string[] {
  const problems: string[] = [];
  const type = resolve(field.type, context);
  const { merge, flash } = policy;
  if (merge === "counter" && !["number", "bigint"].includes(type.kind)) {
    problems.push('merge "counter" needs a number or a bigint');
  }
  if ((merge === "max" || merge === "min") && !["number", "bigint", "date"].includes(type.kind)) {
    problems.push(`merge "${merge}" needs a number, a bigint or a date`);
  }
  if (typeof merge === "object" && type.kind !== "array") problems.push("this merge needs an array");
  if (typeof merge === "object" && "union" in merge && type.kind === "array") {
    const element = resolve(type.element, context);
    const key =
      element.kind === "object" ? element.properties.find(({ name }) => name === merge.union) : undefined;
    if (key === undefined) problems.push(`the elements have no property ${merge.union} to merge by`);
  }
  if (flash && !field.optional && field.default === undefined && field.catch === undefined) {
    problems.push("a flash field is absent after it was shown: make it optional or give it a default");
  }
  return problems;
}

function resolve(type: Type, context: ModelContext): Type {
  if (type.kind === "nullable" || type.kind === "optional") return resolve(type.inner, context);
  return type.kind === "ref" ? (context.types[type.name] ?? type) : type;
}
