import type { LiteralType, ObjectType, Type, UnionType } from "./type.js";
import { labelsOf, literalLabel } from "./union.js";
import { withChildren } from "./walk.js";

/** What a named type was called before. */
type NameBefore = (name: string) => string;

/** The type with the names that its parts had before, as far as the config says so. */
function formerOf(type: Type, nameBefore: NameBefore): Type {
  if (type.kind === "ref") return { ...type, name: nameBefore(type.name) };
  const before = withChildren(type, (child) => formerOf(child.type, nameBefore));
  if (before.kind === "object") {
    const properties = before.properties.map((property) => ({
      ...property,
      name: property.was ?? property.name,
    }));
    return { ...before, properties };
  }
  if (before.kind === "enum") {
    return {
      ...before,
      members: before.members.map((member) => ({ ...member, value: member.was ?? member.value })),
    };
  }
  return before;
}

/**
 * Gives what labels of variants were before: those that the config says, and those that came of
 * names within.
 */
export function formerLabels(
  { variants, discriminator }: UnionType,
  nameBefore: NameBefore,
): readonly string[] {
  const computed =
    discriminator === undefined
      ? labelsOf(
          variants.map(({ type }) => formerOf(type, nameBefore)),
          undefined,
        )
      : [];
  return variants.map(({ was, label }, index) => was ?? computed[index] ?? label);
}

/**
 * Gives what a variant's label was, by what its discriminator's values were; `undefined` where it
 * was the same.
 */
export function formerLabel(
  type: Type,
  discriminator: string,
  before: (value: string | number) => string | number | undefined,
): string | undefined {
  if (type.kind !== "object") return undefined;
  const tag = tagOf(type, discriminator);
  if (tag?.kind === "enum") {
    const members = tag.members.map((member) => ({ ...member, value: before(member.value) ?? member.value }));
    return differing(literalLabel(tag), literalLabel({ kind: "enum", members }));
  }
  if (tag?.kind !== "literal") return undefined;
  const values = tag.values.map((constant) => {
    const { value } = constant.kind === "json" ? constant : { value: null };
    const was = typeof value === "string" || typeof value === "number" ? before(value) : undefined;
    return was === undefined ? constant : ({ kind: "json", value: was } as const);
  });
  return differing(literalLabel(tag), literalLabel({ kind: "literal", values }));
}

function differing(now: string | undefined, before: string | undefined): string | undefined {
  return now === before ? undefined : before;
}

/** The type of a variant's discriminator. */
function tagOf(type: ObjectType, discriminator: string): Type | undefined {
  return type.properties.find(({ name }) => name === discriminator)?.type;
}

/** Gives a variant whose discriminator is stored as the values in its first label. */
export function withStoredTag(
  type: Type,
  discriminator: string | undefined,
  label: string,
  accepts: boolean,
): Type {
  if (type.kind !== "object" || discriminator === undefined) return type;
  const tag = tagOf(type, discriminator);
  if (tag?.kind !== "literal") return type;
  const now = tag.values.map((constant) => (constant.kind === "json" ? constant.value : null));
  const before = now.length === 1 ? [label] : label.split("|");
  const renamed = now.flatMap((value, index) => {
    const was = before[index];
    if (was === undefined || (typeof value !== "string" && typeof value !== "number")) return [];
    const stored = typeof value === "number" && String(Number(was)) === was ? Number(was) : was;
    if (stored === value) return [];
    return [{ now: value, stored: accepts ? ([stored, value] as const) : ([stored] as const) }];
  });
  if (renamed.length === 0 || before.length !== now.length) return type;
  const literal: LiteralType = { ...tag, renamed };
  return {
    ...type,
    properties: type.properties.map((property) =>
      property.name === discriminator ? { ...property, type: literal } : property,
    ),
  };
}
