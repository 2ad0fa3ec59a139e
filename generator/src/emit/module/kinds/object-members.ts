import type { Doc } from "../../../code/doc.js";
import { contentsOf, formOf } from "../../../code/doc.js";
import { camelCase, memberAccess, memberKey } from "../../../code/names.js";
import {
  assign,
  binary,
  call,
  callWith,
  conditional,
  constant,
  destructure,
  ifLine,
  ifThen,
  property as member,
  object,
  returns,
  stringList,
  stringText,
} from "../../../code/syntax.js";
import type { ObjectType, Property, Type } from "../../../model/model.js";
import { standInCode } from "../constant-code.js";
import { hasRest, isOptional, isUnit, mayBeMissing, substituteOf } from "../property.js";
import type { Codecs } from "./kind.js";

/** The local names of properties. */
export class Locals {
  readonly #names = new Map<string, string>();

  constructor(properties: readonly Property[], to: Codecs) {
    for (const { name } of properties) {
      const wish = camelCase(name);
      const own = `${wish}Member`;
      this.#names.set(name, isInherited(name) ? to.variable(own) : to.variable(wish, own));
    }
  }

  of({ name }: Property): string {
    return this.#names.get(name) ?? "";
  }

  /** Gives the member of an object literal. */
  member({ name }: Property, value: Doc): Doc {
    return member(memberKey(name), value);
  }

  /** Takes the properties out of an object. */
  take(properties: readonly Property[], object: string, to: { use(name: "ownMember"): string }): Doc[] {
    const own = properties.filter(({ name }) => !isInherited(name));
    const inherited = properties.filter(({ name }) => isInherited(name));
    return [
      ...(own.length === 0
        ? []
        : [
            destructure(
              own.map((property) => this.member(property, this.of(property))),
              object,
            ),
          ]),
      ...inherited.map((property) =>
        constant(this.of(property), `${to.use("ownMember")}(${object}, ${stringText(property.name)})`),
      ),
    ];
  }
}

/** Gives the properties whose values have to be looked at to write them. */
export function looked(properties: readonly Property[]): Property[] {
  return properties.filter((property) => isOptional(property) || !isUnit(property.type));
}

/** Every object has a member of that name. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** Gives a condition: the object has the member, even if it is `undefined`. */
export function has(name: string, object: string): string {
  return isInherited(name)
    ? `Object.hasOwn(${object}, ${stringText(name)})`
    : `${stringText(name)} in ${object}`;
}

/**
 * Tells whether `undefined` is stored like absence: it is never there, or reads as something else.
 */
export function leavesOut(property: Property): boolean {
  return property.exact === true || substituteOf(property) !== undefined;
}

/** Writes a member; one that may be absent only where it is there. */
export function writeMember(property: Property, local: string, isPresent: string, to: Codecs): Doc {
  if (!isOptional(property)) return to.of(property.name).write(property.type, local);
  const cases: [Doc, Doc][] = [];
  let { type } = property;
  // One chain for all that stands in place of the value.
  while (type.kind === "nullable") {
    cases.push([`${local} === null`, "writer.nil();"]);
    type = type.inner;
  }
  cases.push([`${local} !== undefined`, to.of(property.name).write(type, local)]);
  if (!leavesOut(property)) cases.push([isPresent, "writer.undefined();"]);
  return ifLine(cases);
}

/**
 * Reads the members in slot order, and makes the object. What comes before the last one that the
 * object cannot be made without is read into constants.
 */
export function readMembers(
  type: ObjectType,
  properties: readonly Property[],
  locals: Locals,
  isPresent: (property: Property) => Doc,
  to: Codecs,
  rest: { readonly declaration: Doc; readonly name: string } | undefined,
  text: string,
): Doc[] {
  const expression = (property: Property): Doc => {
    const substitute = substituteOf(property);
    const read = to.of(property.name).read(property.type);
    if (mayBeMissing(property)) return property.exact ? read : openRead(property, to);
    return substitute === undefined
      ? read
      : conditional(isNone(isPresent(property)), standInCode(substitute, property.type, to), read);
  };
  const firm = properties.filter((property) => !mayBeMissing(property) || isInherited(property.name));
  const lastFirm =
    rest === undefined ? properties.lastIndexOf(firm.at(-1) as Property) : properties.length - 1;
  const early = properties.slice(0, lastFirm + 1);
  const late = properties.slice(lastFirm + 1);
  const declared = type.properties.filter((property) => firm.includes(property));
  const inOrder =
    early.length === declared.length &&
    early.every((property, index) => property.name === declared[index]?.name);
  const statements: Doc[] = [];
  const inherited = firm.filter(mayBeMissing);
  const isDirect = rest === undefined && inOrder && inherited.length === 0;
  if (!isDirect) {
    for (const property of early) {
      const read = expression(property);
      const value = mayBeMissing(property) ? earlyRead(property, isPresent(property), to) : read;
      statements.push(constant(locals.of(property), value));
    }
    if (rest !== undefined) statements.push(rest.declaration);
  }
  const made = object([
    ...(rest === undefined ? [] : [`...${rest.name}`]),
    ...declared.map((property) =>
      locals.member(property, isDirect ? expression(property) : locals.of(property)),
    ),
  ]);
  const later = properties.filter((property) => mayBeMissing(property) && !isInherited(property.name));
  if (later.length === 0 && inherited.length === 0)
    return [...statements, returns(callWith("reader.close", [], made))];
  const value = to.variable("value");
  const set = (property: Property, item: Doc): Doc => assign(memberAccess(value, property.name), item);
  return [
    ...statements,
    constant(`${value}: ${text}`, made),
    ...early
      .filter((property) => later.includes(property))
      .map((property) => {
        const local = locals.of(property);
        const test = property.exact ? `${local} !== undefined` : isPresent(property);
        return ifThen(test, set(property, local));
      }),
    // The type of an object without them would have what every object inherits.
    ...inherited.map((property) =>
      ifThen(not(isPresent(property)), `delete ${memberAccess(value, property.name)};`),
    ),
    ...late.map((property) => {
      const test = isPresent(property);
      const isThere = property.exact ? binary(contentsOf(test), " && !reader.tryUndefined()") : test;
      return ifThen(isThere, set(property, expression(property)));
    }),
    returns(`reader.close(${value})`),
  ];
}

/** Reads a member that may be absent into a variable, in which it is `undefined` then. */
function earlyRead(property: Property, test: Doc, to: Codecs): Doc {
  return conditional(isNone(test), "undefined", to.of(property.name).read(property.type));
}

/**
 * Gives a condition: the member is absent, or `undefined`, which a version may have stored by whose
 * schema it could be.
 */
function isNone(test: Doc): Doc {
  const isAbsent = formOf(test) === "binary" ? ["!(", contentsOf(test), ")"] : ["!", test];
  return binary(...isAbsent, " || reader.tryUndefined()");
}

function not(test: Doc): Doc {
  return formOf(test) === "binary" ? binary("(", contentsOf(test), ") === 0") : ["!", test];
}

/** Reads a member that may be `undefined`. */
function openRead({ name, type }: Property, to: Codecs): Doc {
  return conditional("reader.tryUndefined()", "undefined", to.of(name).read(type));
}

/** Gives the type of the members that an object does not list. */
export function restType({ rest }: ObjectType): Type {
  return typeof rest === "object" ? rest.catchall : { kind: "unknown", any: false };
}

/** Gives what an object has besides its listed members. */
export function restOf(
  type: ObjectType,
  to: Codecs,
): { readonly name: string; readonly codec: string; readonly declaration: Doc } | undefined {
  if (!hasRest(type)) return undefined;
  const name = to.variable("rest");
  const known = stringList(type.properties.map((property) => property.name));
  const split = call(`${to.use("restOf")}<${to.text(restType(type))}>`, ["value", known]);
  return { name, codec: to.restCodec(restType(type)), declaration: constant(name, split) };
}
