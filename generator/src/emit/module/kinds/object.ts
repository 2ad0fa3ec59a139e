import { camelCase, memberBinding } from "../../../code/names.js";
import { array, call, destructure, forOf, stringText } from "../../../code/syntax.js";
import type { ObjectType, Property } from "../../../model/model.js";
import type { Path } from "../path.js";
import { isOptional, unlessBesides } from "../property.js";
import { provided, type Rule, refuse, step } from "../rules.js";
import type { Checks, Kind } from "./kind.js";
import { assembleObject, objectFunctions } from "./object-codec.js";
import { functional } from "./scalar.js";

/** An object is checked by a function of its own; its members are {@link memberRules}. */
export const object: Kind<ObjectType> = {
  typeText: ({ name, readonly }, to) => [readonly ? `Readonly<${to.named(name)}>` : to.named(name)],
  test: (type, value, to) => to.passes(type, value),
  check: ({ name }, value, path, to) => [step(to.check(name, value, path))],
  plain: ({ properties }) =>
    // An object with that member alone would be taken for a number that has a tag.
    properties.some(({ name }) => name === "$number") ? ["object", "number"] : ["object"],
  ...functional(),
  functions: objectFunctions,
  assemble: assembleObject,
};

/** Gives the rules of an object, member by member. */
export function memberRules(type: ObjectType, value: string, path: Path, to: Checks): readonly Rule[] {
  const { properties, rest } = type;
  const members: Rule[] = [];
  const named: string[] = [];
  const inherited: Rule[] = [];
  for (const property of properties) {
    const { name } = property;
    const wish = camelCase(name);
    const isInherited = name in Object.prototype;
    const local = isInherited ? to.variable(`${wish}Member`) : to.variable(wish, `${wish}Member`);
    if (isInherited) {
      inherited.push(step(`const ${local} = ${to.use("ownMember")}(${value}, ${stringText(name)});`));
    } else named.push(memberBinding(name, local));
    const rules = unlessBesides(
      property,
      local,
      to.of(name).rules(property.type, local, path.member(name)),
      () => to.use("isList"),
    );
    members.push(...presence(property, value, local, path, to));
    if (!isOptional(property)) members.push(...rules);
    else if (property.exact) members.push(...provided(`Object.hasOwn(${value}, ${stringText(name)})`, rules));
    else members.push(...provided(`${local} !== undefined`, rules));
  }
  return [
    refuse(`!${to.use("isRecord")}(${value})`, path, "an object"),
    ...(named.length === 0 ? [] : [step(destructure(named, value))]),
    ...inherited,
    ...members,
    ...restRules(type, rest, value, path, to),
  ];
}

/** What only its type does not say: that the property must be there. */
function presence(property: Property, value: string, local: string, path: Path, to: Checks): Rule[] {
  const { name, type, default: initial, catch: instead } = property;
  const refused = (condition: string): Rule[] => [refuse(condition, path.member(name), "present")];
  if (property.present) {
    const isInherited = name in Object.prototype;
    const text = stringText(name);
    return refused(isInherited ? `!Object.hasOwn(${value}, ${text})` : `!(${text} in ${value})`);
  }
  const isGiven = initial !== undefined && instead === undefined;
  return isGiven && !isOptional(property) && to.admitsUndefined(type)
    ? refused(`${local} === undefined`)
    : [];
}

/** The members that the schema does not list. */
function restRules(
  { properties }: ObjectType,
  rest: ObjectType["rest"],
  value: string,
  path: Path,
  to: Checks,
): Rule[] {
  const known = array(properties.map(({ name }) => stringText(name)));
  if (rest === "strip") return [];
  if (rest === "strict")
    return [refuse(["!", call(to.use("hasOnly"), [value, known])], path, "an object without other keys")];
  const inner = to.within();
  const [key, item] = [inner.variable("key"), inner.variable("item")];
  const child = pathOf(path, key, to);
  const type = rest === "loose" ? ({ kind: "unknown", any: false } as const) : rest.catchall;
  const members = call(to.use("membersOf"), [
    value,
    path.expression,
    ...(properties.length === 0 ? [] : [known]),
  ]);
  return [step(forOf(`[${key}, ${item}]`, members, inner.statements(inner.rules(type, item, child))))];
}

/** Gives the path of a member by a key that is known at run time. */
export function pathOf(path: Path, key: string, to: Checks): Path {
  return path.through((expression) => `${to.use("childPath")}(${expression}, ${key})`);
}
