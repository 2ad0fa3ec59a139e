import { closest } from "../closest.js";
import type { ModelContext } from "./context.js";
import { indexesOf } from "./indexes.js";
import type { Field, FieldPolicy } from "./model.js";
import { resolveType } from "./resolve.js";

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
      const { index: _, ...others } = policies[path] ?? {};
      if (Object.values(others).every((value) => value === undefined)) continue;
      context.problem(
        "model/policy-mismatch",
        ["fields", path],
        `Only index can be given to a part of a field, and ${path} is inside of the field ${head}`,
        `Give the other policies to ${head}.`,
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
  const withIndexes = fields.map((field): Field => {
    const indexes = indexesOf(context, field, policies);
    return indexes.length === 0 ? field : { ...field, indexes };
  });
  checkIndexNames(context, withIndexes);
  const isFound = withIndexes.some(({ indexes }) => indexes !== undefined);
  return withIndexes.map((field) => {
    const policy = policies[field.name];
    if (policy === undefined) return field;
    const problems = mismatches(field, policy, context);
    if (policy.list && !isFound) problems.push("sessions are listed by a field, and none has an index");
    for (const problem of problems) {
      context.problem("model/policy-mismatch", ["fields", field.name], `fields.${field.name}: ${problem}`);
    }
    return { ...field, policy };
  });
}

/** Two paths must not become one column: `a.b` and `a_b`. */
function checkIndexNames(context: ModelContext, fields: readonly Field[]): void {
  const owners = new Map<string, string>();
  for (const { name, path } of fields.flatMap(({ indexes }) => indexes ?? [])) {
    // Most databases do not tell upper from lower case in the names of columns.
    const owner = owners.get(name.toLowerCase());
    if (owner !== undefined) {
      context.problem(
        "model/name-collision",
        ["fields", path],
        `The indexes on ${owner} and ${path} would both be called by_${name}`,
      );
    }
    owners.set(name.toLowerCase(), path);
  }
}

function mismatches(field: Field, policy: FieldPolicy, context: ModelContext): string[] {
  const problems: string[] = [];
  const type = resolveType(field.type, context.types);
  const { merge, flash, ttl, list: listed, redact } = policy;
  if (merge === "counter" && !["number", "bigint"].includes(type.kind)) {
    problems.push('merge "counter" needs a number or a bigint');
  }
  if ((merge === "max" || merge === "min") && !["number", "bigint", "date"].includes(type.kind)) {
    problems.push(`merge "${merge}" needs a number, a bigint or a date`);
  }
  const list = typeof merge === "object" && !("module" in merge);
  if (list && type.kind !== "array") problems.push("this merge needs an array");
  if (typeof merge === "object" && "union" in merge && type.kind === "array") {
    const element = resolveType(type.element, context.types);
    const key =
      element.kind === "object" ? element.properties.find(({ name }) => name === merge.union) : undefined;
    if (key === undefined) problems.push(`the elements have no property ${merge.union} to merge by`);
  }
  const required = !field.optional && field.default === undefined && field.catch === undefined;
  if (flash && required) {
    problems.push("a flash field is absent after it was shown: make it optional or give it a default");
  }
  if (ttl !== undefined && required) {
    problems.push("a field with a ttl is absent after it has ended: make it optional or give it a default");
  }
  if (listed && redact) problems.push("what is redacted is not shown in lists either");
  return problems;
}
