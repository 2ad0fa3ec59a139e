import { typeName } from "../code/emitted-names.js";
import { pascalCase } from "../code/names.js";
import type { GeneratorErrorCode } from "../errors.js";
import type { Refinement, RefinementKind, Type } from "./model.js";
import type { Node, ZodAdapter } from "./node.js";

/** Where in the schema something stands: property names, and `[]` for elements. */
export type Path = readonly string[];

/** Something wrong with the schema; the line is looked up later. */
export interface Problem {
  readonly code: GeneratorErrorCode;
  readonly path: Path;
  readonly summary: string;
  readonly fix?: string;
}

/** The path as users write it: `cart[].sku`. */
export function pathText(path: Path): string {
  return path.join(".").replaceAll(".[]", "[]");
}

/** More than any schema needs: a getter that makes several new schemas each time never ends. */
const MAX_STEPS = 200_000;

/** What is collected while a schema is read. All problems are reported at once. */
export class ModelContext {
  readonly adapter: ZodAdapter;
  readonly problems: Problem[] = [];
  readonly refinements: Refinement[] = [];
  readonly types: Record<string, Type> = {};
  /** Schemas being read, from the outside in; meeting one of them again means recursion. */
  #steps = 0;
  readonly #open = new Map<unknown, { name: string; recursive: boolean }>();
  /** Recursive and explicitly named schemas that were read before. */
  readonly #named = new Map<unknown, string>();
  /** Name of a type -> the path that took it. */
  readonly #names = new Map<string, string>();
  readonly #sessionClass: string;

  /** @param sessionClass - what the class of the sessions is called: no type may have that name */
  constructor(adapter: ZodAdapter, sessionClass: string) {
    this.adapter = adapter;
    this.#sessionClass = sessionClass;
  }

  problem(code: GeneratorErrorCode, path: Path, summary: string, fix?: string): void {
    this.problems.push({ code, path, summary, ...(fix === undefined ? {} : { fix }) });
  }

  /**
   * The outermost step of a schema. What a function of the user's throws while it is read is a
   * problem like any other, and so is a schema that makes new ones without end.
   */
  read(schema: unknown, path: Path): Node {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) {
      if (this.#steps === MAX_STEPS + 1) {
        this.problem(
          "model/unsupported-type",
          path,
          `${pathText(path)} has no end`,
          "Let a recursive getter or z.lazy() return the same schema each time.",
        );
      }
      return { kind: "scalar", type: { kind: "unknown", any: false } };
    }
    try {
      return this.adapter.read(schema);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.problem("model/unsupported-type", path, `${pathText(path)} cannot be read: ${message}`);
      return { kind: "scalar", type: { kind: "unknown", any: false } };
    }
  }

  refine(path: Path, kinds: readonly RefinementKind[] = []): void {
    for (const kind of kinds) this.refinements.push({ path: pathText(path), kind });
  }

  /**
   * The PascalCase name of the type at a path; a problem when another path leads to the same name.
   */
  typeName(path: Path, id?: string): string {
    const name = typeName(
      id === undefined
        ? path.map((step) => (step === "[]" ? "Item" : pascalCase(step))).join("")
        : pascalCase(id),
      this.#sessionClass,
    );
    const owner = this.#names.get(name);
    const text = pathText(path);
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
   * Reads a schema that may contain itself. Where it does, and where it was given a name, it
   * becomes a reference to a type of {@link types}.
   */
  enter(schema: unknown, path: Path, named: boolean, read: (name: () => string) => Type): Type {
    const before = this.#named.get(schema);
    if (before !== undefined) return { kind: "ref", name: before };
    const open = this.#open.get(schema);
    const { id } = this.adapter.meta(schema);
    let given: string | undefined;
    const name = (): string => {
      given ??= this.typeName(path, id);
      return given;
    };
    if (open !== undefined) {
      open.recursive = true;
      return { kind: "ref", name: open.name };
    }
    const entry = {
      get name(): string {
        return name();
      },
      recursive: false,
    };
    this.#open.set(schema, entry);
    const type = read(name);
    this.#open.delete(schema);
    if (!entry.recursive && !(named && id !== undefined)) return type;
    this.types[entry.name] = type;
    this.#named.set(schema, entry.name);
    return { kind: "ref", name: entry.name };
  }
}
