import { typeName } from "../code/emitted-names.js";
import { pascalCase, pascalPath } from "../code/names.js";
import type { GeneratorErrorCode } from "../errors.js";
import type { Refinement, RefinementKind, Type } from "./model.js";
import type { ModuleExport } from "./module-export.js";
import { containers, type Node, type ZodAdapter } from "./node.js";

/** Where in the schema something stands: property names, and `[]` for elements. */
export type Path = readonly string[];

/** Something wrong with the schema; the line is looked up later. */
export interface Problem {
  readonly code: GeneratorErrorCode;
  readonly path: Path;
  readonly summary: string;
  readonly fix?: string;
  /** Whose problem it is, wherever it is used. */
  readonly schema?: unknown;
  /** Where else the schema has it. */
  readonly others?: Path[];
}

/** Gives the path as users write it: `cart[].sku`. */
export function pathText(path: Path): string {
  return path.join(".").replaceAll(".[]", "[]");
}

/** Gives where an enum with these values is exported from. */
export type DeclaredEnum = (path: Path, values: readonly (string | number)[]) => ModuleExport | undefined;

/** Deeper schemas than this are taken for endless. */
const MAX_DEPTH = 64;

/** Through these a type can come to itself, and has values that end. */
const ending: ReadonlySet<Node["kind"]> = new Set(containers);

/** What is collected while a schema is read. All problems are reported at once. */
export class ModelContext {
  readonly adapter: ZodAdapter;
  readonly problems: Problem[] = [];
  readonly refinements: Refinement[] = [];
  /** The same refinements, where the types they hang on are used again. */
  readonly repeated: Refinement[] = [];
  types: Record<string, Type> = {};
  /** Where there may be TypeScript enums. */
  readonly enums: { readonly path: Path; readonly values: readonly (string | number)[] }[] = [];
  readonly asks: boolean;
  /** Looks for the TypeScript enum of which the schema at a path is made, to import its type. */
  readonly declaredEnum: DeclaredEnum;
  /** The object schema that the session is. */
  readonly object: unknown;
  /** The schema has no end: nothing more is read of it. */
  #endless = false;
  /** How many containers are being read. */
  #containers = 0;
  /** Schemas being read, from the outside in; meeting one of them again means recursion. */
  readonly #open = new Map<unknown, { name: string; recursive: boolean; containers: number }>();
  /** Recursive and explicitly named schemas that were read before. */
  #named = new Map<unknown, Named>();
  /** Types are called what their `.meta({ id })` says. */
  #takesIds = true;
  /** Name of a type -> the path that took it. */
  readonly #names = new Map<string, string>();
  readonly #sessionClass: string;

  /**
   * @param asks - the application has its schema at hand: what cannot be written into the code is
   *   asked of it
   * @param sessionClass - what the class of the sessions is called: no type may have that name
   * @param declaredEnum - where emitted types may import an enum of the application's
   */
  constructor(
    adapter: ZodAdapter,
    object: unknown,
    asks: boolean,
    sessionClass: string,
    declaredEnum: DeclaredEnum = () => undefined,
  ) {
    this.declaredEnum = declaredEnum;
    this.adapter = adapter;
    this.object = object;
    this.asks = asks;
    this.#sessionClass = sessionClass;
  }

  problem(code: GeneratorErrorCode, path: Path, summary: string, fix?: string): void {
    this.problems.push({ code, path, summary, ...(fix === undefined ? {} : { fix }) });
  }

  /** Notes what is wrong with a schema wherever it is used: said once, with all the places. */
  problemOf(schema: unknown, ...[code, path, summary, fix]: Parameters<ModelContext["problem"]>): void {
    const known = this.problems.find((problem) => problem.schema === schema && problem.code === code);
    if (known === undefined)
      this.problems.push({ code, path, summary, ...(fix === undefined ? {} : { fix }), schema, others: [] });
    else if (pathText(known.path) !== pathText(path)) known.others?.push(path);
  }

  /**
   * Tells whether the schema goes on for too long: a getter that makes a new schema each time never
   * ends. Said once, for what comes of it is many times the same.
   */
  isTooDeep(depth: number, path: Path): boolean {
    if (!this.#endless && depth > MAX_DEPTH) this.#end(path);
    return this.#endless;
  }

  get isEndless(): boolean {
    return this.#endless;
  }

  #end(path: Path): void {
    this.#endless = true;
    const [field] = path;
    // What else was found on the way down is the same over and over.
    const others = this.problems.filter((problem) => problem.path[0] !== field);
    this.problems.splice(0, this.problems.length, ...others);
    const text = pathText(path);
    this.problem(
      "model/unsupported-type",
      path,
      `${text.length > 60 ? `${text.slice(0, 60)}…` : text} nests without end`,
      "Let a recursive getter or z.lazy() return the same schema each time.",
    );
  }

  /**
   * Gives the outermost step of a schema. What a function of the user's throws while it is read is
   * a problem like any other.
   */
  read(schema: unknown, path: Path): Node {
    try {
      return this.adapter.read(schema);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.problem("model/unsupported-type", path, `${pathText(path)} cannot be read: ${message}`);
      return { kind: "scalar", type: { kind: "unknown", any: false } };
    }
  }

  /** Tells whether a property with such a schema may be absent in what the schema gives out. */
  omits(schema: unknown, admits: boolean): boolean {
    try {
      return this.adapter.omits(schema, admits);
    } catch {
      // A getter of the user's that throws, which was reported when it was read.
      return false;
    }
  }

  /** Tells whether Zod refuses absence though the type of what it gives out allows for it. */
  asksFor(schema: unknown): boolean {
    try {
      return this.adapter.asksFor(schema, this.object);
    } catch {
      // A function of the user's that throws.
      return false;
    }
  }

  refine(path: Path, kinds: readonly RefinementKind[] = []): void {
    for (const kind of kinds) this.refinements.push({ path: pathText(path), kind });
  }

  /** What hangs on a named type hangs on each place that refers to it. */
  #refineAgain({ refinements }: Named, path: Path): void {
    for (const { path: inside, kind } of refinements) {
      this.repeated.push({ path: `${pathText(path)}${inside}`, kind });
    }
  }

  /**
   * Gives the PascalCase name of the type at a path; a problem when another path leads to the same
   * name.
   */
  typeName(path: Path, id?: string): string {
    const steps = id === undefined ? path.map((step) => (step === "[]" ? "Item" : step)) : [id];
    const text = pathText(path);
    const isFree = (wish: string): boolean => (this.#names.get(wish) ?? text) === text;
    const wish = pascalPath(steps);
    // A variant and what stands elsewhere may be called alike, as `coupon.2` and `coupon2`.
    const isVariant = /\.\d+$/.test(this.#names.get(wish) ?? "");
    const wishes = [wish, steps.map(pascalCase).join(""), ...(isVariant ? [`${wish}Type`] : [])];
    const name = typeName(wishes.find(isFree) ?? wish, this.#sessionClass);
    const owner = this.#names.get(name);
    if (owner !== undefined && owner !== text) {
      this.problem(
        "model/name-collision",
        path,
        `${text} and ${owner} would both be the type ${name}`,
        'Rename one of the fields, or name one of the types with .meta({ id: "…" }).',
      );
    }
    this.#names.set(name, text);
    return name;
  }

  /**
   * Reads a schema of before: what contains itself in it is a type of its own, though schemas of
   * today have it, too, and what has a name there is written out.
   */
  apart<T>(read: () => T): { readonly result: T; readonly types: Readonly<Record<string, Type>> } {
    const { types, refinements, repeated } = this;
    const [named, takesIds] = [this.#named, this.#takesIds];
    const known = [refinements.length, repeated.length] as const;
    this.types = {};
    this.#named = new Map();
    this.#takesIds = false;
    const result = read();
    const own = this.types;
    this.types = types;
    this.#named = named;
    this.#takesIds = takesIds;
    // What was stored has been judged when it was.
    [refinements.length, repeated.length] = known;
    return { result, types: own };
  }

  /**
   * Reads a schema that may contain itself. Where it does, and where it was given a name, it
   * becomes a reference to a type of {@link types}.
   */
  enter(schema: unknown, path: Path, kind: Node["kind"], read: (name: () => string) => Type): Type {
    const before = this.#named.get(schema);
    if (before !== undefined) {
      this.#refineAgain(before, path);
      return { kind: "ref", name: before.name };
    }
    const open = this.#open.get(schema);
    if (open !== undefined) {
      if (open.containers === this.#containers) this.#end(path);
      open.recursive = true;
      return { kind: "ref", name: open.name };
    }
    const id = this.#takesIds ? this.adapter.meta(schema).id : undefined;
    let given: string | undefined;
    const name = (): string => {
      given ??= this.typeName(path, id);
      return given;
    };
    const entry = {
      get name(): string {
        return name();
      },
      recursive: false,
      containers: this.#containers,
    };
    const known = this.refinements.length;
    this.#open.set(schema, entry);
    if (ending.has(kind)) this.#containers += 1;
    const type = read(name);
    if (ending.has(kind)) this.#containers -= 1;
    this.#open.delete(schema);
    if (!entry.recursive && id === undefined) return type;
    this.types[entry.name] = type;
    const own = pathText(path);
    const refinements = this.refinements
      .slice(known)
      .map((refinement) => ({ ...refinement, path: refinement.path.slice(own.length) }));
    this.#named.set(schema, { name: entry.name, refinements });
    return { kind: "ref", name: entry.name };
  }
}

/** A recursive or explicitly named schema. */
interface Named {
  readonly name: string;
  /** What hangs on it and inside of it; paths begin at it. */
  readonly refinements: readonly Refinement[];
}
