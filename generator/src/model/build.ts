import { relative, sep } from "node:path";
import { kindNames } from "../code/kind-names.js";
import { camelCase } from "../code/names.js";
import { backendOf, type Catalog, frameworkOf } from "../config/catalog.js";
import type { ResolvedConfig } from "../config/resolved.js";
import {
  type Envelope,
  envelopeOf,
  type GeneratorErrorCode,
  generatorErrors,
  SessgenError,
  SessgenErrors,
  type Where,
} from "../errors.js";
import { deepFreeze } from "../freeze.js";
import { type BudgetProblem, budgetProblems } from "./budget.js";
import { type DeclaredEnum, ModelContext, type Path, type Problem, pathText } from "./context.js";
import type { Field, RefinementKind, SessionModel, Type } from "./model.js";
import { containers, type Node, type ZodAdapter } from "./node.js";
import { applyPolicies } from "./policies/apply.js";
import { optional } from "./reflect.js";
import { maxBytes } from "./size.js";
import { propertyOf } from "./types.js";
import { childrenOf } from "./walk.js";
import { isZod4, zod4 } from "./zod4/index.js";

/** A model, and what should be said about it. */
export interface BuiltModel {
  readonly model: SessionModel;
  readonly warnings: readonly Envelope[];
}

/** Names that a session class cannot have as members, or that stored documents use themselves. */
const reserved = new Set(["_permanent", "toJSON", ...Object.getOwnPropertyNames(Object.prototype)]);

/**
 * Turns the config's schema into the session model. Slots are provisional: the lock assigns the
 * real ones.
 * @throws SessgenErrors with every problem of the schema: path, line, reason and what to use
 *   instead
 */
export async function buildModel(config: ResolvedConfig, catalog: Catalog): Promise<BuiltModel> {
  const adapter = await adapterOf(config);
  const root = rootObject(adapter, config.schema);
  if (root === undefined) {
    throw new SessgenError("model/not-an-object", "The schema is not a z.object()", {
      where: await whereOf(config, []),
      ...optional("fix", asObject(adapter, config.schema)),
    });
  }
  const asks = config.schemaModule !== undefined;
  const context = new ModelContext(
    adapter,
    root.schema,
    asks,
    kindNames(config.name).Session,
    asks ? await importableEnums(config) : undefined,
  );
  context.refine([], root.refinements);
  if (root.rest !== "strip" && root.rest !== "strict") {
    context.problem(
      "model/unsupported-type",
      [],
      "The session itself cannot have fields besides those of its schema",
      "Put them into a field of their own: extra: z.record(z.string(), z.unknown()).",
    );
  }
  const fields = Object.entries(root.shape).map(([name, schema], slot): Field => {
    checkName(context, name);
    const property = propertyOf(context, name, schema, [name], 1);
    return {
      ...property,
      slot,
      mutable: isMutable(property.type),
      ...optional("maxBytes", maxBytes(property.type)),
      policy: {},
    };
  });
  checkCollisions(context, fields);
  checkBackends(context, config, catalog);
  checkFrameworks(context, config, catalog, fields);
  const withPolicies = applyPolicies(context, fields, config.fields);
  const budget = budgetProblems(withPolicies, config, catalog);
  for (const { code, path, summary } of budget)
    if (generatorErrors[code].severity === "error") context.problem(code, path, summary);
  if (context.problems.length > 0) throw await errorsOf(config, context.problems);
  const model: SessionModel = {
    zod: adapter.zod,
    fields: withPolicies,
    types: context.types,
    refinements: [...context.refinements, ...context.repeated],
    ...optional("description", adapter.meta(config.schema).description),
  };
  return {
    model: deepFreeze(model),
    warnings: [...(await warningsOf(config, context)), ...(await tooLarge(config, budget))],
  };
}

async function adapterOf(config: ResolvedConfig): Promise<ZodAdapter> {
  if (isZod4(config.schema)) return zod4;
  // Only who uses Zod 3 pays for reading it.
  const { isZod3, zod3 } = await import("./zod3/index.js");
  if (isZod3(config.schema)) return zod3;
  throw new SessgenError("model/not-a-schema", "The schema is not made with Zod", {
    where: await whereOf(config, []),
  });
}

/** The object that the schema is, whatever it is wrapped in. */
function rootObject(adapter: ZodAdapter, schema: unknown): Root | undefined {
  const node = adapter.read(schema);
  if (node.kind === "object") return { ...node, schema };
  if (node.kind !== "same" && node.kind !== "readonly") return undefined;
  const inner = rootObject(adapter, node.inner);
  return inner && { ...inner, refinements: [...(node.refinements ?? []), ...(inner.refinements ?? [])] };
}

type Root = Extract<Node, { kind: "object" }> & { readonly schema: unknown };

/** How to make an object of something else. */
function asObject(adapter: ZodAdapter, schema: unknown): string | undefined {
  const { kind } = adapter.read(schema);
  switch (kind) {
    case "union":
      return "Give the union a field of its own, z.object({ state: z.union([…]) }), or make what differs optional.";
    case "intersection":
      return "Write the combined object out, with .extend().";
    case "optional":
    case "nullable":
    case "default":
    case "catch":
      return "Leave the wrapper away: a session without fields is there from the beginning.";
    case "pipe":
    case "unsupported":
      return "Give the object itself, without .transform() and .pipe(), and convert where you use it.";
    default:
      return undefined;
  }
}

function checkName(context: ModelContext, name: string): void {
  if (!reserved.has(name) && !name.startsWith("$") && name !== "") return;
  context.problem("model/reserved-name", [name], `No field can be called ${JSON.stringify(name)}`);
}

/**
 * Constants and functions of the emitted code are named after fields: two must not get the same
 * name.
 */
function checkCollisions(context: ModelContext, fields: readonly Field[]): void {
  const owners = new Map<string, string>();
  for (const { name } of fields) {
    const identifier = camelCase(name);
    const owner = owners.get(identifier);
    if (owner !== undefined) {
      context.problem(
        "model/name-collision",
        [name],
        `The fields ${owner} and ${name} would both be ${identifier} in the emitted code`,
      );
    }
    owners.set(identifier, name);
  }
}

/** Every backend must be able to find sessions where the config asks for it. */
function checkBackends(context: ModelContext, config: ResolvedConfig, catalog: Catalog): void {
  const indexed = Object.entries(config.fields).flatMap(([path, { index }]) => (index ? [path] : []));
  for (const kind of new Set(Object.values(config.backends).map((options) => options.kind))) {
    const { noIndex } = backendOf(catalog, kind);
    if (noIndex === undefined) continue;
    for (const path of indexed) {
      context.problem(
        "model/no-index",
        ["fields", path],
        `The backend ${kind} cannot find sessions by ${path}: ${noIndex}`,
      );
    }
  }
}

/** A framework's glue may expect something of the fields. */
function checkFrameworks(
  context: ModelContext,
  { frameworks, glue }: ResolvedConfig,
  catalog: Catalog,
  fields: readonly Field[],
): void {
  for (const name of frameworks) {
    const found = frameworkOf(catalog, name).problems?.(glue[name] ?? {}, fields) ?? [];
    for (const { field, summary, fix } of found)
      context.problem("model/unfit-for-framework", field === undefined ? [] : [field], summary, fix);
  }
}

/** Kinds of values that can be changed without being assigned. */
const mutable: ReadonlySet<Type["kind"]> = new Set([...containers, "date", "bytes", "unknown", "ref"]);

/** Whether a value of the type can be changed without being assigned. */
function isMutable(type: Type): boolean {
  return mutable.has(type.kind) || childrenOf(type).some((child) => isMutable(child.type));
}

/** More are not read by anybody, and each is looked up in the sources. */
const MAX_PROBLEMS = 50;

async function errorsOf(config: ResolvedConfig, problems: readonly Problem[]): Promise<SessgenErrors> {
  const more = problems.length - MAX_PROBLEMS;
  const errors = await Promise.all(
    problems.slice(0, MAX_PROBLEMS).map(async ({ code, path, summary, fix, others = [] }, index) => {
      const where = await whereOf(config, path);
      const rest = more > 0 && index === MAX_PROBLEMS - 1 ? `; ${more} more are not listed` : "";
      return new SessgenError(code, `${summary}${elsewhere(others)}${rest}`, {
        where,
        ...optional("fix", fix),
      });
    }),
  );
  return new SessgenErrors(errors);
}

/** More places of one schema are counted. */
const MAX_PLACES = 3;

/** The other places of what is wrong with a schema. */
function elsewhere(others: readonly Path[]): string {
  if (others.length === 0) return "";
  const shown = others.slice(0, MAX_PLACES).map(pathText).join(", ");
  const more = others.length - MAX_PLACES;
  return `; the same schema stands at ${shown}${more > 0 ? ` and ${more} other places` : ""}`;
}

/** What setters do not do of what the schema asks for. */
const notRun: Readonly<Record<RefinementKind, readonly [GeneratorErrorCode, string]>> = {
  refinement: ["model/refinement-not-run", "has a refinement which setters do not run"],
  pipe: ["model/refinement-not-run", "is a pipe whose first schema setters do not run"],
  overwrite: ["model/refinement-not-run", "has a function that changes the value, which setters do not run"],
  coercion: ["model/input-not-taken", "is coerced, and setters take only what the coercion gives"],
  default: ["model/input-not-taken", "has a default inside of a value, where setters take no undefined"],
  catch: ["model/input-not-taken", "has a catch inside of a value, and setters refuse what it would catch"],
  unchecked: ["model/unchecked-default", "has a default that its own schema refuses, and setters take"],
};

async function warningsOf(config: ResolvedConfig, context: ModelContext): Promise<Envelope[]> {
  return [...(await functionsNotRun(config, context)), ...(await enumsAsLiterals(config, context))];
}

/** Says of fields that a session may become too large by them. */
async function tooLarge(config: ResolvedConfig, budget: readonly BudgetProblem[]): Promise<Envelope[]> {
  return Promise.all(
    budget.map(async ({ code, path, summary }) =>
      envelopeOf(code, summary, { where: await whereOf(config, path) }),
    ),
  );
}

/**
 * Emitted code that asks the application's schema may import its enums, too, where modules of its
 * own export them.
 */
async function importableEnums(config: ResolvedConfig): Promise<DeclaredEnum> {
  const { enumFinderOf } = await import("../config/locate.js");
  const find = enumFinderOf(config);
  return (path, values) => {
    const found = find(path, values);
    if (!found?.isExported) return undefined;
    const module = relative(config.root, found.file).split(sep).join("/");
    return { module: module.startsWith(".") ? module : `./${module}`, export: found.name };
  };
}

/** Says once of each TypeScript enum that emitted types have its values in its place. */
async function enumsAsLiterals(config: ResolvedConfig, context: ModelContext): Promise<Envelope[]> {
  const warnings = new Map<string, Envelope>();
  if (context.enums.length === 0) return [];
  const { enumFinderOf } = await import("../config/locate.js");
  const find = enumFinderOf(config);
  for (const { path, values } of context.enums) {
    const name = find(path, values)?.name;
    if (name === undefined || warnings.has(name)) continue;
    const summary = `${pathText(path)} is the TypeScript enum ${name}; emitted types have its values in its place`;
    warnings.set(name, envelopeOf("model/enum-as-literals", summary, { where: await whereOf(config, path) }));
  }
  return [...warnings.values()];
}

/** Says once of each function of the schema that nobody will run it. */
async function functionsNotRun(config: ResolvedConfig, context: ModelContext): Promise<Envelope[]> {
  if (config.schemaModule !== undefined) return [];
  return Promise.all(
    context.refinements.map(async ({ path, kind }) => {
      const [code, what] = notRun[kind];
      const where = await whereOf(config, path === "" ? [] : path.replaceAll("[]", ".[]").split("."));
      return envelopeOf(code, `${path || "The schema"} ${what}`, { where });
    }),
  );
}

/** Paths begin in the schema, except those of the option `fields`. */
async function whereOf(config: ResolvedConfig, path: Path): Promise<Where> {
  const { locate, locateInSchema } = await import("../config/locate.js");
  if (path[0] === "fields") return { ...(await locate(config.file, path)), path: pathText(path) };
  return { ...(await locateInSchema(config, path)), path: pathText(["schema", ...path]) };
}
