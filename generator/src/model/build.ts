import { kindNames } from "../code/kind-names.js";
import { camelCase } from "../code/names.js";
import { backendOf, type Catalog } from "../config/catalog.js";
import type { ResolvedConfig } from "../config/resolved.js";
import { type Envelope, envelopeOf, SessgenError, SessgenErrors, type Where } from "../errors.js";
import { deepFreeze } from "../freeze.js";
import { ModelContext, type Path, type Problem, pathText } from "./context.js";
import type { Field, SessionModel, Type } from "./model.js";
import type { Node, ZodAdapter } from "./node.js";
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
  const context = new ModelContext(adapter, kindNames(config.name).Session);
  const root = rootObject(adapter, config.schema);
  if (root === undefined) {
    throw new SessgenError("model/not-an-object", "The schema is not a z.object()", {
      where: await whereOf(config, []),
    });
  }
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
  const withPolicies = applyPolicies(context, fields, config.fields);
  if (context.problems.length > 0) throw await errorsOf(config, context.problems);
  const model: SessionModel = {
    zod: adapter.zod,
    fields: withPolicies,
    types: context.types,
    refinements: context.refinements,
    ...optional("description", adapter.meta(config.schema).description),
  };
  return { model: deepFreeze(model), warnings: await warningsOf(config, context) };
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
function rootObject(adapter: ZodAdapter, schema: unknown): Extract<Node, { kind: "object" }> | undefined {
  const node = adapter.read(schema);
  if (node.kind === "object") return node;
  if (node.kind !== "same" && node.kind !== "readonly") return undefined;
  const inner = rootObject(adapter, node.inner);
  return inner && { ...inner, refinements: [...(node.refinements ?? []), ...(inner.refinements ?? [])] };
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

/** Kinds of values that can be changed without being assigned. */
const mutable: ReadonlySet<Type["kind"]> = new Set([
  "object",
  "array",
  "tuple",
  "record",
  "map",
  "set",
  "date",
  "bytes",
  "unknown",
  "ref",
]);

function isMutable(type: Type): boolean {
  return mutable.has(type.kind) || childrenOf(type).some((child) => isMutable(child.type));
}

async function errorsOf(config: ResolvedConfig, problems: readonly Problem[]): Promise<SessgenErrors> {
  const errors = await Promise.all(
    problems.map(async ({ code, path, summary, fix }) => {
      const where = await whereOf(config, path);
      return new SessgenError(code, summary, { where, ...(fix === undefined ? {} : { fix }) });
    }),
  );
  return new SessgenErrors(errors);
}

/** Says once per refinement that nobody will run it. */
async function warningsOf(config: ResolvedConfig, context: ModelContext): Promise<Envelope[]> {
  if (config.schemaModule !== undefined) return [];
  return Promise.all(
    context.refinements.map(async ({ path, kind }) =>
      envelopeOf(
        "model/refinement-not-run",
        `${path || "The schema"} has a ${kind === "refinement" ? "refinement" : "function that changes the value"} which setters do not run`,
        { where: await whereOf(config, path === "" ? [] : path.split(".")) },
      ),
    ),
  );
}

/** Paths begin in the schema, except those of the option `fields`. */
async function whereOf(config: ResolvedConfig, path: Path): Promise<Where> {
  const { locate } = await import("../config/locate.js");
  const inConfig = path[0] === "fields" ? path : ["schema", ...path];
  return { ...(await locate(config.file, inConfig)), path: pathText(inConfig) };
}
