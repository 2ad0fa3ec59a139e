import { closest } from "../../closest.js";
import type { ModelContext } from "../context.js";
import type { Field } from "../model.js";
import { resolveType } from "../resolve.js";
import { startsPath } from "./changed-at.js";
import { formerTypesOf, withFormerParts } from "./former-types.js";
import { identityOf, indexesOf } from "./index-paths.js";
import { eachPolicy, type FieldPolicy, partPolicies } from "./policies.js";
import type { PolicyField } from "./policy.js";
import { withFormerNames } from "./was-paths.js";

/** Puts the policies of the config on the fields they name. */
export function applyPolicies(
  context: ModelContext,
  fields: readonly Field[],
  policies: Readonly<Record<string, FieldPolicy>>,
): Field[] {
  const names = fields.map(({ name }) => name);
  for (const path of Object.keys(policies)) {
    if (names.includes(path)) continue;
    const head = names.find((name) => startsPath(name, path));
    if (head !== undefined) {
      if (eachPolicy(policies[path] ?? {}, ({ parts }) => parts === true).every(Boolean)) continue;
      context.problem(
        "model/policy-mismatch",
        ["fields", path],
        `Only ${partPolicies.join(", ")} can be given to a part of a field, and ${path} is inside of the field ${head}`,
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
  const renamed = withFormerNames(context, fields, policies);
  const withIndexes = withFormerParts(context, renamed, policies).map((field): Field => {
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
    const identity = identityOf(context, field, policy);
    const former = formerTypesOf(context, field.name, policy);
    // A schema is no plain data.
    const { upcast: _, ...kept } = policy;
    return { ...field, policy: kept, ...(identity && { identity }), ...(former.length > 0 && { former }) };
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

function mismatches(field: Field, policy: FieldPolicy, { types }: ModelContext): string[] {
  const described: PolicyField = {
    type: resolveType(field.type, types),
    required: !field.optional && field.default === undefined && field.catch === undefined,
    redacted: policy.redact === true,
    regenerates: policy.regenerate !== undefined,
    identified: policy.identity !== undefined,
    resolve: (type) => resolveType(type, types),
  };
  return eachPolicy(policy, (one, value) => one.problems?.(value, described) ?? []).flat();
}
