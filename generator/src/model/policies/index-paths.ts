import { createHash } from "node:crypto";
import type { ModelContext } from "../context.js";
import type { Field, FieldIndex, IndexStep, Type } from "../model.js";
import { resolveType } from "../resolve.js";
import type { FieldPolicy } from "./policies.js";

/** PostgreSQL has room for 63 bytes in a name, of which `by_` and the like take some. */
const MAX_NAME = 40;

/**
 * Gives the parts of a field that the policies want sessions to be found by; a path may lead into
 * objects.
 */
export function indexesOf(
  context: ModelContext,
  field: Field,
  policies: Readonly<Record<string, FieldPolicy>>,
): FieldIndex[] {
  return Object.entries(policies).flatMap(([path, { index }]) => {
    if (index === undefined || index === false) return [];
    if (path !== field.name && !path.startsWith(`${field.name}.`)) return [];
    const found = follow(context, field, path.slice(field.name.length + 1));
    if (typeof found === "string") {
      context.problem("model/policy-mismatch", ["fields", path], `fields.${path}: ${found}`);
      return [];
    }
    const former = formerPath(path, field, policies);
    return [
      {
        path,
        name: indexName(path),
        ...(former !== undefined && { former: { path: former, name: indexName(former) } }),
        hashed: index === "hashed",
        ...found,
      },
    ];
  });
}

function formerPath(
  path: string,
  { name }: Field,
  policies: Readonly<Record<string, FieldPolicy>>,
): string | undefined {
  const was = policies[name]?.was;
  return was === undefined ? undefined : was + path.slice(name.length);
}

/** What the store calls the index: letters, digits and underscores. */
function indexName(path: string): string {
  const name = path.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  const plain = name !== "" && name.length <= MAX_NAME;
  if (plain) return name;
  return `${name.slice(0, MAX_NAME - 9)}_${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
}

/**
 * Gives the way to the part of a present value that says which user it is; none where the policy
 * asks for none.
 */
export function identityOf(
  context: ModelContext,
  field: Field,
  { identity }: FieldPolicy,
): readonly IndexStep[] | undefined {
  if (identity === undefined) return undefined;
  const found = follow(context, { ...field, optional: false }, identity === true ? "" : identity, "identity");
  if (typeof found !== "string") return found.steps;
  context.problem("model/policy-mismatch", ["fields", field.name], `fields.${field.name}: ${found}`);
  return undefined;
}

function follow(
  context: ModelContext,
  field: Field,
  rest: string,
  what: "an index" | "identity" = "an index",
): { steps: readonly IndexStep[]; type: Type } | string {
  const steps: IndexStep[] = [];
  let type = field.type.kind === "optional" && what === "identity" ? field.type.inner : field.type;
  let maybe = field.optional || isMaybe(type);
  for (let path = rest; path !== ""; ) {
    const object = resolveType(type, context.types);
    if (object.kind !== "object") return `${what} can lead through objects only`;
    const property = object.properties.find(({ name }) => path === name || path.startsWith(`${name}.`));
    if (property === undefined) return `there is nothing called ${path} in it`;
    steps.push({ name: property.name, maybe });
    type = property.type;
    maybe = property.optional || isMaybe(type);
    path = path.slice(property.name.length + 1);
  }
  const leaf = resolveType(type, context.types);
  const scalar = ["string", "number", "bigint", "boolean", "date", "enum"].includes(leaf.kind);
  return scalar
    ? { steps, type: leaf }
    : `${what} needs text, a number, a bigint, a boolean, a date or an enum`;
}

function isMaybe(type: Type): boolean {
  return type.kind === "nullable" || type.kind === "optional";
}
