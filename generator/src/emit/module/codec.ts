import type { CodeFile } from "../../code/code-file.js";
import { type Doc, print } from "../../code/doc.js";
import { Name } from "../../code/name.js";
import { camelCase, pascalCase, type Scope } from "../../code/names.js";
import { assign, call, callWithFunction, generic, tallArray, tallCall, union } from "../../code/syntax.js";
import type { FormerType, RefType, Type } from "../../model/model.js";
import { admitsUndefined } from "../../model/wrappers.js";
import type { Emission } from "./emission.js";
import { formerCode } from "./former.js";
import { functionWriter } from "./function-writer.js";
import { kindOf } from "./kinds/index.js";
import type { CodecFunctions, Codecs, FunctionWriter, Tests, TypeTexts } from "./kinds/kind.js";
import type { PlainKinds } from "./plain-kinds.js";
import { plainKindsOf } from "./plain-kinds-of.js";
import { type SteppedObject, stepCode, steppedOf, storedText } from "./stepped.js";
import { typedCode } from "./typed-code.js";
import { unionMembers } from "./union-text.js";

/** Where the codec of a field is. */
export interface CodecPlace {
  readonly module: string;
  readonly name: string;
}

/** Codecs by the names of their fields, and by the types that fields were of before. */
export type CodecPlaces = ReadonlyMap<string | FormerType, CodecPlace>;

/**
 * Writes `codec.ts`: how each field is stored, in the packed format and as plain data.
 * @returns the codec of each field, by its name, and of what fields were before
 */
export function writeCodec(
  file: CodeFile,
  emission: Emission,
  specifierOf: (module: string) => string,
): CodecPlaces {
  const writer = new CodecWriter(file, emission, specifierOf);
  const places = new Map<string | FormerType, CodecPlace>();
  for (const { name, type, former = [] } of emission.model.fields) {
    places.set(name, writer.field(name, type));
    for (const [index, one] of former.entries())
      places.set(one, writer.field(`${name} v${index + 1}`, one.type));
  }
  writer.end();
  return places;
}

/** The codec of a type, once it has been asked for. */
interface Constant {
  readonly name: string;
  exported: boolean;
}

/** Collects what is declared. */
class CodecWriter {
  readonly #file: CodeFile;
  readonly #emission: Emission;
  readonly #specifierOf: (module: string) => string;
  readonly #texts: TypeTexts;
  readonly #plainKinds: PlainKinds;
  readonly #functions: Doc[] = [];
  readonly #constants: { readonly constant: Constant; readonly type: Doc; readonly value: () => Doc }[] = [];
  /** By the name of a type, the type itself, or what the constant holds. */
  readonly #known = new Map<string | Type, Constant>();
  readonly #names = new Map<string | Type, CodecFunctions>();
  /** Of objects whose properties have steps: their codecs, and the functions for what is stored. */
  readonly #stored = new Map<string | Type, { readonly codec: string; readonly functions: CodecFunctions }>();

  constructor(file: CodeFile, emission: Emission, specifierOf: (module: string) => string) {
    this.#file = file;
    this.#emission = emission;
    this.#specifierOf = specifierOf;
    this.#texts = emission.texts((name) => file.useType(emission.file("types"), name));
    this.#plainKinds = plainKindsOf(emission.model);
  }

  /** The codec of a field: of the runtime's, or one that is exported. */
  field(name: string, type: Type): CodecPlace {
    if (ready.has(type.kind)) {
      // Imported where it is used, not here.
      const codec = kindOf(type).codec(type, { ...this.#codecs(name), use: (one) => one });
      if (typeof codec === "string") return { module: RUNTIME, name: codec };
    }
    const constant = this.#constantOf(type, name);
    constant.exported = true;
    return { module: this.#emission.file("codec"), name: constant.name };
  }

  /**
   * Writes all that was asked for. Codecs that are made of functions come last, when the constants
   * of their members are known; what they still ask for is added behind them.
   */
  end(): void {
    const declared: Doc[] = [];
    for (const { constant, type, value } of this.#constants) {
      const keyword = constant.exported ? "export const" : "const";
      declared.push(assign([keyword, ` ${constant.name}: `, type], value()));
    }
    for (const one of [...this.#functions, ...declared]) this.#file.add(one);
  }

  /** The constant that holds the codec of a type. */
  #constantOf(type: Type, place: string): Constant {
    const key = type.kind === "object" || type.kind === "ref" ? type.name : type;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (type.kind === "ref") {
      const target = this.#emission.types.get(type.name);
      if (target !== undefined) return this.#aliasConstant(type.name, target);
    }
    if (kindOf(type).functions !== undefined) return this.#functionConstant(key, type, place);
    const codec = kindOf(type).codec(type, this.#codecs(place));
    return this.#declare(key, place, this.#texts.members(type), codec);
  }

  /**
   * The codec of a named type that may be no object. It may ask for itself, by way of a function.
   */
  #aliasConstant(name: string, target: Type): Constant {
    if (kindOf(target).functions !== undefined)
      return this.#functionConstant(name, { kind: "ref", name }, name);
    const constant = { name: this.#file.scope.declare(...codecNames(name)), exported: false };
    this.#known.set(name, constant);
    const codec = kindOf(target).codec(target, this.#codecs(name));
    this.#add(constant, [this.#texts.named(name)], () => codec);
    return constant;
  }

  #functionConstant(key: string | Type, type: Type, place: string): Constant {
    const names = this.#functionsOf(type, place);
    // One that contains itself was asked for by its own functions.
    const made = this.#known.get(key);
    if (made !== undefined) return made;
    const name = typeof key === "string" ? key : place;
    const declared = this.#stored.get(key)?.codec ?? this.#file.scope.declare(...codecNames(name));
    const constant = { name: declared, exported: false };
    // Before it is assembled: a member may be of the type itself.
    this.#known.set(key, constant);
    const target = (type.kind === "ref" ? this.#emission.types.get(type.name) : undefined) ?? type;
    this.#add(constant, this.#texts.members(type), () => this.#assembled(key, target, names, name));
    return constant;
  }

  #assembled(key: string | Type, target: Type, names: CodecFunctions, place: string): Doc {
    const assemble = (type: Type, functions: CodecFunctions): Doc =>
      kindOf(type).assemble?.(type, functions, this.#codecs(place)) ?? "";
    const stepped = steppedOf(target);
    if (stepped === undefined) return assemble(target, names);
    const steps = stepped.steps.map((property) => {
      const codecs = this.#codecs(`${place} ${property.name}`);
      const codecOf = ({ type }: FormerType): Doc => codecs.codec(type);
      const parts = {
        codec: codecs.codec(property.type),
        check: this.#file.use(this.#emission.file("checks"), this.#emission.stepChecks.get(property) ?? ""),
        former: tallArray(formerCode(this.#file, property, this.#texts, codecOf, this.#specifierOf)),
      };
      return stepCode(property, parts, (code) => codecs.typed(property.type, code));
    });
    return tallCall(this.#file.use(RUNTIME, "steppedCodec"), [
      assemble(stepped.stored, this.#stored.get(key)?.functions ?? names),
      // One may have a codec that is declared below.
      ["() => ", tallArray(steps)],
    ]);
  }

  #declare(key: string | Type, place: string, text: readonly string[], value: Doc): Constant {
    // What is the same for two types has one constant.
    const same = contentOf(text, value);
    const known = this.#known.get(same);
    if (known !== undefined) return known;
    const constant = { name: this.#file.scope.declare(...codecNames(place)), exported: false };
    this.#known.set(key, constant);
    this.#known.set(same, constant);
    this.#add(constant, text, () => value);
    return constant;
  }

  #add(constant: Constant, text: readonly string[], value: () => Doc): void {
    const type = generic(this.#file.useType(RUNTIME, "Codec"), [union(unionMembers(text))]);
    this.#constants.push({ constant, type, value });
  }

  /** The functions of a type that has some; written when they are first asked for. */
  #functionsOf(type: Type, place: string): CodecFunctions {
    const key = type.kind === "object" || type.kind === "ref" ? type.name : type;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = typeof key === "string" ? key : place;
    const target = type.kind === "ref" ? this.#emission.types.get(type.name) : type;
    if (target !== undefined && kindOf(target).functions === undefined)
      return methodsOf(this.#constantOf(type, place).name);
    const stepped = steppedOf(target);
    const text = typeof key === "string" ? this.#texts.named(key) : this.#texts.of(type);
    if (stepped !== undefined) return this.#steppedFunctions(key, type, stepped, text, name);
    const names = this.#declareFunctions(name);
    // Before the functions are written: a recursive type refers to them.
    this.#names.set(key, names);
    if (target === undefined) return names;
    const written = kindOf(target).functions?.(target, names, this.#functionWriter(text, name)) ?? [];
    this.#functions.push(...written);
    return names;
  }

  #declareFunctions(name: string): CodecFunctions {
    const { scope } = this.#file;
    return {
      write: scope.declare(`write${pascalCase(name)}`),
      read: scope.declare(`read${pascalCase(name)}`),
      toPlain: scope.declare(`${camelCase(name)}ToPlain`),
      fromPlain: scope.declare(`${camelCase(name)}FromPlain`),
    };
  }

  /** Those of the object are its codec's methods; the functions are for what is stored. */
  #steppedFunctions(
    key: string | Type,
    type: Type,
    stepped: SteppedObject,
    text: string,
    name: string,
  ): CodecFunctions {
    const stored = this.#declareFunctions(`stored ${name}`);
    const codec = this.#file.scope.declare(...codecNames(name));
    const names = { ...stored, write: `${codec}.write`, read: `${codec}.read` };
    this.#names.set(key, names);
    this.#stored.set(key, { codec, functions: stored });
    const of = storedText(this.#file.useType(RUNTIME, "Stepped"), text, stepped);
    const written = kindOf(stepped.stored).functions?.(
      stepped.stored,
      stored,
      this.#functionWriter(of, name),
    );
    this.#functions.push(...(written ?? []));
    this.#constantOf(type, name);
    return names;
  }

  #functionWriter(text: string, place: string): FunctionWriter {
    const codecs = (scope: Scope, plain: Name): Codecs => this.#codecs(place, scope, plain);
    return functionWriter(this.#file, {
      text,
      place,
      plainKinds: this.#plainKinds,
      into: this.#functions,
      codecs,
    });
  }

  #restCodec(rest: Type, place: string): string {
    const text = `{ [key: string]: ${this.#texts.of(rest)} }`;
    const to = this.#codecs(`${place} rest`);
    const keeps = to.admitsUndefined(rest) ? ["true"] : [];
    const codec = call(this.#file.use(RUNTIME, "recordCodec"), [to.codec(rest), ...keeps]);
    return this.#declare(`${place} ${text}`, `${place} rest`, [text], codec).name;
  }

  /**
   * What a function, or a constant, is written with.
   * @param place - what it is of: constants that it needs are called after it
   */
  #codecs(place: string, scope: Scope = this.#file.scope.inner(), plain: Name = new Name("plain")): Codecs {
    const { model } = this.#emission;
    const to: Codecs = {
      use: (name) => this.#file.use(RUNTIME, name),
      text: (type) => this.#texts.of(type),
      typed: (type, code) => typedCode(code, type, this.#emission, this.#texts),
      codec: (type) => {
        const known = this.#known.get(type);
        if (known !== undefined) return known.name;
        const value = kindOf(type).codec(type, to);
        return this.#known.get(contentOf(this.#texts.members(type), value))?.name ?? value;
      },
      constant: (type) => this.#constantOf(type, place).name,
      restCodec: (rest) => this.#restCodec(rest, place),
      reference: (type) => this.#reference(type),
      functions: (type) => this.#functionsOf(type, place),
      write: (type, value) => kindOf(type).write(type, value, to),
      read: (type) => kindOf(type).read(type, to),
      toPlain: (type, value) => kindOf(type).toPlain(type, value, to),
      fromPlain: (type, value) => kindOf(type).fromPlain(type, value, to),
      get plain() {
        return `${plain}`;
      },
      admitsUndefined: (type) => admitsUndefined(type, model.types),
      test: (type, value) => kindOf(type).test(type, value, tests),
      variable: (...wishes) => scope.declare(...wishes),
      of: (name) => this.#codecs(`${place} ${name}`, scope, plain),
    };
    const tests: Tests = {
      use: to.use,
      test: to.test,
      passes: (type, value) => {
        const check = this.#file.use(this.#emission.file("checks"), this.#emission.checkOf(type) ?? "");
        return `${to.use("passes")}(${check}, ${value})`;
      },
    };
    return to;
  }

  /**
   * An object's constant is complete when it is asked for; that of another type may still be in the
   * making.
   */
  #reference(type: RefType): Doc {
    const { name } = this.#constantOf(type, type.name);
    const target = this.#emission.types.get(type.name);
    const isSafe =
      target === undefined ||
      kindOf(target).functions !== undefined ||
      !this.#emission.recursive.has(type.name);
    return isSafe ? name : callWithFunction(this.#file.use(RUNTIME, "lazyCodec"), name);
  }
}

/** What a name that stands for a list, a record or the like has are the methods of its codec. */
function methodsOf(codec: string): CodecFunctions {
  return {
    write: `${codec}.write`,
    read: `${codec}.read`,
    toPlain: `${codec}.toPlain`,
    fromPlain: `${codec}.fromPlain`,
  };
}

const RUNTIME = "@sessgen/runtime";

/** Types that the runtime has a codec for. */
const ready: ReadonlySet<Type["kind"]> = new Set([
  "string",
  "number",
  "bigint",
  "boolean",
  "date",
  "bytes",
  "null",
  "undefined",
  "unknown",
]);

/** What a constant holds, and of which type: two of the same are one. */
function contentOf(text: readonly string[], value: Doc): string {
  return `${text.join(" | ")} = ${print(value)}`;
}

/** What the codec of something may be called. */
function codecNames(place: string): readonly [string, string] {
  return [`${camelCase(place)}Codec`, `${camelCase(place)}FieldCodec`];
}
