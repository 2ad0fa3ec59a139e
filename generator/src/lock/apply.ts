import { SessgenError } from "../errors.js";
import { deepFreeze } from "../freeze.js";
import type { EnumType, ObjectType, SessionModel, Type, UnionType } from "../model/model.js";
import { emptyLock, groupOf, type Lock, type LockEntry } from "./lock.js";

/** A model whose slots are those of the lock, and the lock with what was new in the model. */
export interface Locked {
  readonly model: SessionModel;
  readonly lock: Lock;
}

/** What {@link applyLock} can be told. */
export interface ApplyOptions {
  /** Paths that get a fresh slot: the way out of `lock/slot-conflict`. */
  readonly renumber?: readonly string[];
  /** The lock file, for messages. */
  readonly file?: string;
}

/**
 * Gives every part of the model its slot: the one it had, or the next free one. What the model no longer has stays in the
 * lock as retired.
 *
 * @throws SessgenError `lock/slot-conflict` when two entries share a slot, as after a merge of two branches;
 *   `lock/unknown-path` when `renumber` names nothing
 */
export function applyLock(
  model: SessionModel,
  previous: Lock = emptyLock,
  options: ApplyOptions = {},
): Locked {
  const entries = new Map(previous.entries);
  for (const field of model.fields) {
    if (field.policy.was !== undefined) rename(entries, nameText(field.policy.was), nameText(field.name));
  }
  for (const path of options.renumber ?? []) {
    if (!entries.delete(path)) {
      throw new SessgenError("lock/unknown-path", `The lock has no entry ${path}`, { where: { path } });
    }
  }
  refuseConflicts(entries, options.file);
  const slots = new Slots(entries);
  const fields = model.fields.map((field) => ({
    ...field,
    slot: slots.take(nameText(field.name), kindOf(field.type)),
    type: lockType(slots, field.type, nameText(field.name)),
  }));
  const types = Object.fromEntries(
    Object.entries(model.types).map(([name, type]) => [name, lockType(slots, type, `@${name}`)]),
  );
  return { model: deepFreeze({ ...model, fields, types }), lock: slots.result() };
}

/** Gives out slots and remembers which. */
class Slots {
  readonly #entries: Map<string, LockEntry>;
  readonly #used = new Set<string>();
  readonly #next = new Map<string, number>();

  constructor(entries: Map<string, LockEntry>) {
    this.#entries = entries;
    for (const [key, { slot }] of entries) {
      const group = groupOf(key);
      this.#next.set(group, Math.max(this.#next.get(group) ?? 0, slot + 1));
    }
  }

  take(key: string, type: string): number {
    this.#used.add(key);
    const known = this.#entries.get(key);
    if (known !== undefined && known.type === type) {
      this.#entries.set(key, { slot: known.slot, type });
      return known.slot;
    }
    // What is stored in the old slot is of another type: it is kept there for deploys that still know it.
    if (known !== undefined) this.#entries.set(`${key}~${known.slot}`, { ...known, retired: true });
    const group = groupOf(key);
    const slot = this.#next.get(group) ?? 0;
    this.#next.set(group, slot + 1);
    this.#entries.set(key, { slot, type });
    return slot;
  }

  result(): Lock {
    const entries = [...this.#entries].map(
      ([key, entry]) => [key, this.#used.has(key) ? entry : { ...entry, retired: true }] as const,
    );
    return { entries: new Map(entries) };
  }
}

function lockType(slots: Slots, type: Type, path: string): Type {
  switch (type.kind) {
    case "object":
      return lockObject(slots, type, path);
    case "enum":
      return lockEnum(slots, type, path);
    case "union":
      return lockUnion(slots, type, path);
    case "array":
    case "set":
      return { ...type, element: lockType(slots, type.element, `${path}[]`) };
    case "tuple":
      return {
        ...type,
        items: type.items.map((item, index) => lockType(slots, item, `${path}[${index}]`)),
        ...(type.rest === undefined ? {} : { rest: lockType(slots, type.rest, `${path}[]`) }),
      };
    case "record":
    case "map":
      return {
        ...type,
        key: lockType(slots, type.key, `${path}<key>`),
        value: lockType(slots, type.value, `${path}<value>`),
      };
    case "nullable":
    case "optional":
      return { ...type, inner: lockType(slots, type.inner, path) };
    default:
      return type;
  }
}

function lockObject(slots: Slots, type: ObjectType, path: string): ObjectType {
  const properties = type.properties.map((property) => {
    const key = `${path}.${nameText(property.name)}`;
    return {
      ...property,
      slot: slots.take(key, kindOf(property.type)),
      type: lockType(slots, property.type, key),
    };
  });
  const { rest } = type;
  return {
    ...type,
    properties,
    rest: typeof rest === "object" ? { catchall: lockType(slots, rest.catchall, `${path}<value>`) } : rest,
  };
}

function lockEnum(slots: Slots, type: EnumType, path: string): EnumType {
  return {
    ...type,
    members: type.members.map((member) => ({
      ...member,
      slot: slots.take(`${path}=${JSON.stringify(member.value)}`, "member"),
    })),
  };
}

function lockUnion(slots: Slots, type: UnionType, path: string): UnionType {
  return {
    ...type,
    variants: type.variants.map((variant) => {
      const key = `${path}|${nameText(variant.label)}`;
      return {
        ...variant,
        slot: slots.take(key, kindOf(variant.type)),
        type: lockType(slots, variant.type, key),
      };
    }),
  };
}

/** The kind of what is stored: `null` and absence do not change it. */
function kindOf(type: Type): string {
  if (type.kind === "nullable" || type.kind === "optional") return kindOf(type.inner);
  return type.kind === "ref" ? `@${type.name}` : type.kind;
}

/** A name as part of a key: quoted when it contains anything that has a meaning there. */
function nameText(name: string): string {
  return /^[\p{ID_Continue}$-]+$/u.test(name) ? name : JSON.stringify(name);
}

/** Moves a field's entry, and all below it, to its new name. */
function rename(entries: Map<string, LockEntry>, from: string, to: string): void {
  if (entries.has(to) && !entries.get(to)?.retired) return;
  for (const [key, entry] of [...entries]) {
    if (key !== from && !(key.startsWith(from) && /^[.[<|=~]/.test(key.slice(from.length)))) continue;
    entries.delete(key);
    entries.set(to + key.slice(from.length), entry);
  }
}

function refuseConflicts(entries: ReadonlyMap<string, LockEntry>, file: string | undefined): void {
  const owners = new Map<string, string>();
  for (const [key, { slot }] of entries) {
    const place = `${groupOf(key)} ${slot}`;
    const owner = owners.get(place);
    if (owner === undefined) {
      owners.set(place, key);
      continue;
    }
    throw new SessgenError("lock/slot-conflict", `${owner} and ${key} have the same slot ${slot}`, {
      where: { path: key, ...(file === undefined ? {} : { file }) },
      fix: `Give the one that was never deployed a new slot: npx sessgen --renumber '${key}' (or '${owner}').`,
    });
  }
}
