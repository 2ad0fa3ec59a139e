import { camelCase, helperNames, pascalCase, Scope } from "../../code/names.js";
import type {
  EnumType,
  ObjectType,
  RefType,
  SessionModel,
  TupleType,
  Type,
  UnionType,
} from "../../model/model.js";
import { codecConstant } from "./field-names.js";
import { namedTypes } from "./named-types.js";

/** The four functions that encode a type which has a name of its own in `codec.ts`. */
export interface CodecNames {
  readonly write: string;
  readonly read: string;
  readonly toPlain: string;
  readonly fromPlain: string;
}

/**
 * Names the functions of a type that has some of its own, and writes them when it is first asked.
 */
export type NamesOf = (
  context: CodecContext,
  type: ObjectType | RefType | UnionType | TupleType,
  hint: string,
) => CodecNames;

/**
 * What the emitters of one `codec.ts` share: names given out, imports asked for, functions written.
 */
export class CodecContext {
  readonly model: SessionModel;
  /** Functions and constants, in the order they were asked for. */
  readonly declarations: string[] = [];
  /** Type texts that occur: their named types are imported. */
  readonly typeTexts: string[] = [];
  readonly #scope: Scope;
  readonly #helpers = new Set<string>();
  readonly #checks = new Set<string>();
  readonly #names = new Map<string | Type, CodecNames>();
  readonly #members = new Map<string, string>();

  readonly #namesOf: NamesOf;

  /** @param namesOf - handed in: it writes types, which may have others with names in them */
  constructor(model: SessionModel, namesOf: NamesOf) {
    this.model = model;
    this.#namesOf = namesOf;
    this.#scope = new Scope([
      ...helperNames,
      ...namedTypes(model).keys(),
      ...model.fields.map(codecConstant),
    ]);
  }

  /** The functions of a type that has some of its own. */
  namesOf(type: Parameters<NamesOf>[1], hint: string): CodecNames {
    return this.#namesOf(this, type, hint);
  }

  /** What is imported from `@sessgen/runtime`, as values. */
  get helpers(): readonly string[] {
    return [...this.#helpers].sort();
  }

  /** What is imported from `checks.ts`. */
  get checks(): readonly string[] {
    return [...this.#checks].sort();
  }

  /** Asks for an import from the runtime. */
  helper(name: string): string {
    this.#helpers.add(name);
    return name;
  }

  /** Asks for an import from `checks.ts`. */
  check(name: string): string {
    this.#checks.add(name);
    return name;
  }

  /** Notes the text of a type that occurs in the code. */
  typed(text: string): string {
    this.typeTexts.push(text);
    return text;
  }

  /**
   * The functions of a type, named after it or after where it stands; `declare` writes them the
   * first time.
   * @param key - the name of a named type, or the type itself
   */
  functions(key: string | Type, name: string, declare: (names: CodecNames) => readonly string[]): CodecNames {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const camel = camelCase(name);
    const names = {
      write: this.#scope.declare(`write${pascalCase(name)}`),
      read: this.#scope.declare(`read${pascalCase(name)}`),
      toPlain: this.#scope.declare(`${camel}ToPlain`),
      fromPlain: this.#scope.declare(`${camel}FromPlain`),
    };
    // Before the functions are written: a recursive type refers to them.
    this.#names.set(key, names);
    this.declarations.push(...declare(names));
    return names;
  }

  /**
   * The constant that lists an enum's members by slot; slots of removed members hold `undefined`.
   */
  members(type: EnumType, hint: string): string {
    const bySlot: string[] = [];
    for (const { slot, value } of type.members) bySlot[slot] = JSON.stringify(value);
    const text = `[${Array.from(bySlot, (member) => member ?? "undefined").join(", ")}] as const`;
    const known = this.#members.get(text);
    if (known !== undefined) return known;
    const name = this.#scope.declare(`${camelCase(hint)}Members`);
    this.#members.set(text, name);
    this.declarations.push(`/** By slot: the index is what is stored. */\nconst ${name} = ${text};`);
    return name;
  }
}
