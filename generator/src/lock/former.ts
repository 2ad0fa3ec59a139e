import { SessgenError } from "../errors.js";
import { formerLabels } from "../model/former.js";
import type { FormerType, Property, Type } from "../model/model.js";
import { withChildren } from "../model/walk.js";
import { memberPath, placePath } from "./path.js";
import { type Placed, placed } from "./placed.js";
import { storedName } from "./rename.js";
import type { Slots } from "./slots.js";
import { placeOf, type StoredTree, storedKind, storedTree, withoutNames } from "./stored-kind.js";

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
    const text = withoutNames(storedKind(step.type, step.types ?? {}));
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const [, entry] = one;
      if (withoutNames(entry.type) !== text) continue;
      const stored = storedName(entry);
      const old = new OldType(slots, step.types ?? {}, (why) => refuse(index, why));
      const type = old.locked(step.type, storedTree(entry.type), key);
      return {
        ...step,
        slot: entry.allocation.slot,
        type,
        ...(step.types !== undefined && { types: old.types }),
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

/** Gives a type the slots that all in it had. */
class OldType {
  /** The types that it refers to by name, with their slots. */
  readonly types: Record<string, Type> = {};
  readonly #slots: Slots;
  readonly #given: Readonly<Record<string, Type>>;
  readonly #refuse: (why: string) => never;
  /** Where the lock has the parts of each. */
  readonly #places = new Map<string, string>();

  constructor(slots: Slots, given: Readonly<Record<string, Type>>, refuse: (why: string) => never) {
    this.#slots = slots;
    this.#given = given;
    this.#refuse = refuse;
  }

  /**
   * Gives the type with its slots.
   * @param tree - what the lock says of it: a type may have had a name then, and none now
   * @param path - of its slots, where it had none
   */
  locked(type: Type, tree: StoredTree, path: string): Type {
    if (type.kind === "nullable" || type.kind === "optional")
      return withChildren(type, (child) => this.locked(child.type, tree, path));
    const place = placeOf(tree, path);
    if (type.kind === "ref") {
      this.#named(type.name, tree, place);
      return type;
    }
    const places: Placed[] = [];
    // What variants are called after may be types of other names then.
    const labels = type.kind === "union" ? formerLabels(type, (name) => this.#nameThen(name)) : [];
    let index = 0;
    const locked = withChildren(type, ({ type: inner, place: step }) => {
      if (step.kind !== "property" && step.kind !== "variant")
        return this.locked(inner, tree.parts[index++] ?? nothing, placePath(place, step));
      const label = labels[places.length];
      const key = placePath(
        place,
        step.kind === "variant" && label !== undefined
          ? { ...step, variant: { ...step.variant, label } }
          : step,
      );
      const [known, text] = this.#placed(key, withoutNames(storedKind(inner, this.#given)));
      places.push(known);
      return this.locked(inner, storedTree(text), key);
    });
    if (locked.kind === "enum")
      for (const member of locked.members) places.push(this.#placed(memberPath(place, member), "member")[0]);
    return placed(locked, places);
  }

  /** The target of a reference, once, though it contains itself. */
  #named(name: string, tree: StoredTree, place: string): void {
    const target = this.#given[name];
    if (target === undefined || tree.kind === "ref") return;
    const known = this.#places.get(name);
    // Of the keys that an object does not list, the lock says nothing.
    if (known === place || (known !== undefined && tree === nothing)) return;
    if (known !== undefined)
      this.#refuse(`has one type where the lock has two, ${known} and ${place}: write it out twice`);
    this.#places.set(name, place);
    this.types[name] = this.locked(target, tree, place);
  }

  #nameThen(name: string): string {
    return this.#places.get(name)?.slice(1) ?? name;
  }

  /** Gives where a part was stored, and as what. */
  #placed(key: string, kind: string): readonly [Placed, kind: string] {
    const found = this.#slots.stoodAt(key, kind);
    if (found === undefined) return this.#refuse(`has ${key}, which the lock does not know`);
    const [path, { allocation, type }] = found;
    const stored = this.#slots.storedNames(path);
    return [{ slot: allocation.slot, ...(stored !== undefined && { stored }) }, type];
  }
}

const nothing: StoredTree = { kind: "", parts: [], isTail: false };
