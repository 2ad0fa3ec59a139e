import { SessgenError } from "../errors.js";
import type { FormerType, Property, Type } from "../model/model.js";
import { withChildren } from "../model/walk.js";
import { memberPath, placePath } from "./path.js";
import { storedName } from "./rename.js";
import type { Slots } from "./slots.js";
import { storedKind } from "./stored-kind.js";

/**
 * Gives the types that a field or a property had the slots that the lock knows of them.
 *
 * @param key - of it, in the lock
 * @throws SessgenError `lock/upcast-mismatch` where the lock knows of no such type
 */
export function lockFormer(
  slots: Slots,
  key: string,
  { name, former }: Property,
  file: string | undefined,
): { readonly former?: readonly FormerType[] } {
  if (former === undefined) return {};
  const known = slots.formersOf(key);
  const left = [...known];
  const refuse = (index: number, why: string): never => {
    throw new SessgenError("lock/upcast-mismatch", `fields.${key}.upcast[${index}].from ${why}`, {
      where: { path: key, ...(file !== undefined && { file }) },
    });
  };
  // From the newest on: what was tried in between, and has no step, is passed over.
  const found = former.toReversed().map((step, fromEnd): FormerType => {
    const index = former.length - 1 - fromEnd;
    const { text } = storedKind(step.type, key, {});
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const [, entry] = one;
      if (entry.type !== text) continue;
      const stored = storedName(entry);
      const type = lockOld(slots, step.type, key, (path) =>
        refuse(index, `has ${path}, which the lock does not know`),
      );
      return {
        ...step,
        slot: entry.allocation.slot,
        type,
        ...(stored !== name && { stored: [stored] as const }),
      };
    }
    const before = known.map(([, { type }]) => type);
    return refuse(
      index,
      before.length === 0
        ? `is ${text}, and the lock does not know that the type ever changed`
        : `is ${text}, and the lock says that the field was ${before.toReversed().join(", then ")}`,
    );
  });
  return { former: found.toReversed() };
}

/** The type with the slots that all in it had. */
function lockOld(slots: Slots, type: Type, path: string, missing: (path: string) => never): Type {
  const given: number[] = [];
  const slotOf = (key: string, kind: string): number =>
    (slots.stoodAt(key, kind) ?? missing(key))[1].allocation.slot;
  const locked = withChildren(type, ({ type: inner, place }) => {
    const key = placePath(path, place);
    if (place.kind === "property" || place.kind === "variant")
      given.push(slotOf(key, storedKind(inner, key, {}).text));
    return lockOld(slots, inner, key, missing);
  });
  const withSlot = <T extends { readonly slot: number }>(part: T, index: number): T => ({
    ...part,
    slot: given[index] ?? part.slot,
  });
  if (locked.kind === "object") return { ...locked, properties: locked.properties.map(withSlot) };
  if (locked.kind === "union") return { ...locked, variants: locked.variants.map(withSlot) };
  if (locked.kind !== "enum") return locked;
  const members = locked.members.map((member) => ({
    ...member,
    slot: slotOf(memberPath(path, member), "member"),
  }));
  return { ...locked, members };
}
