import { SessgenError } from "../errors.js";
import { deepFreeze } from "../freeze.js";
import { formerLabels } from "../model/former.js";
import type { SessionModel, StoredNames, Type } from "../model/model.js";
import { refsOf, withChildren } from "../model/walk.js";
import { lockFormer } from "./former.js";
import { type Allocation, groupOf, type Lock, type LockEntry, retire } from "./lock.js";
import { memberPath, nameText, placePath } from "./path.js";
import { placed } from "./placed.js";
import { type Rename, renameAll } from "./rename.js";
import { Slots } from "./slots.js";

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
  /**
   * So many entries of the log, from its beginning, are committed; by default all. The others form
   * one generation with what is new.
   */
  readonly committed?: number;
  /** Entries were taken out of the lock before: a former name may be that of one of them. */
  readonly isCompacted?: boolean;
}

/**
 * Gives every part of the model its slot: the one it had, or the next free one. What the model no
 * longer has stays in the lock as retired.
 *
 * @throws SessgenError `lock/slot-conflict` when two entries share a slot, as after a merge of two
 *   branches;
 *   `lock/unknown-path` when `renumber` names nothing; `lock/unknown-was` when `was` does
 */
export function applyLock(model: SessionModel, previous: Lock, options: ApplyOptions = {}): Locked {
  const entries = new Map(previous.entries);
  const log = [...previous.log];
  const renames = model.fields.map(({ name, was = name }) => ({ from: nameText(was), to: nameText(name) }));
  refuseUnknown(renameAll(entries, renames), options);
  for (const path of options.renumber ?? []) renumber(entries, log, path);
  refuseConflicts(entries, options.file);
  const slots = new Slots(entries, log, nextGeneration(log, options.committed), model.types, options.file);
  const given = model.fields.map((field) => {
    const key = nameText(field.name);
    return { ...field, slot: slots.forType(key, field.type), type: lockType(slots, field.type, key) };
  });
  refuseUnknown(slots.unknown, options);
  const fields = given.map((field) => {
    const key = nameText(field.name);
    if (field.former !== undefined) slots.nameApart(key);
    return { ...field, ...storedOf(slots, key), ...lockFormer(slots, key, field, options.file) };
  });
  const types = lockNamed(slots, model);
  refuseUnknown(slots.unknown, options);
  return {
    model: deepFreeze({ ...model, fields, types }),
    lock: { ...previous, log, entries: slots.result() },
  };
}

/**
 * The generation of what is allocated now: that of the last entry as long as it is not committed.
 */
function nextGeneration(log: readonly Allocation[], committed: number = log.length): number {
  const last = log.at(-1)?.generation ?? 0;
  return log.length > committed ? last : last + 1;
}

/**
 * The named types, each after one that refers to it, for there it is written what the type was
 * called before.
 */
function lockNamed(slots: Slots, model: SessionModel): SessionModel["types"] {
  const locked: Record<string, Type> = {};
  const queue = [...model.fields.flatMap(({ type }) => refsOf(type)), ...Object.keys(model.types)];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const type = model.types[name];
    if (type === undefined || Object.hasOwn(locked, name)) continue;
    locked[name] = lockType(slots, type, `@${name}`);
    queue.unshift(...refsOf(type));
  }
  return Object.fromEntries(Object.keys(model.types).map((name) => [name, locked[name] as Type]));
}

/** The type with its slots, and those of all that is inside. */
function lockType(slots: Slots, type: Type, path: string): Type {
  slots.rename(renamesIn(type, path, (name) => slots.nameBefore(name)));
  const given: { readonly key: string; readonly slot: number }[] = [];
  const locked = withChildren(type, ({ type: inner, place }) => {
    const key = placePath(path, place);
    if (place.kind === "property" || place.kind === "variant")
      given.push({ key, slot: slots.forType(key, inner) });
    return lockType(slots, inner, key);
  });
  if (locked.kind === "enum")
    for (const member of locked.members) {
      const key = memberPath(path, member);
      given.push({ key, slot: slots.forMember(key) });
    }
  if (locked.kind === "object")
    for (const [index, { former }] of locked.properties.entries())
      if (former !== undefined) slots.nameApart(given[index]?.key ?? "");
  const places = given.map(({ key, slot }) => ({ slot, ...storedOf(slots, key) }));
  const found = placed(locked, places);
  if (found.kind !== "object") return found;
  const properties = found.properties.map((property, index) => ({
    ...property,
    ...lockFormer(slots, given[index]?.key ?? "", property, slots.file),
  }));
  return { ...found, properties };
}

/** What documents call it, where that is not what the schema calls it. */
function storedOf(slots: Slots, key: string): { readonly stored?: StoredNames } {
  const stored = slots.storedNames(key);
  return stored === undefined ? {} : { stored };
}

/** What directly in a type is called otherwise than before. */
function renamesIn(type: Type, path: string, nameBefore: (name: string) => string): Rename[] {
  switch (type.kind) {
    case "object":
      return type.properties.map((property) => {
        const { was = property.name } = property;
        return {
          from: placePath(path, { kind: "property", property: { ...property, name: was } }),
          to: placePath(path, { kind: "property", property }),
        };
      });
    case "union": {
      const labels = formerLabels(type, nameBefore);
      return type.variants.map((variant, index) => ({
        from: placePath(path, {
          kind: "variant",
          variant: { ...variant, label: labels[index] ?? variant.label },
        }),
        to: placePath(path, { kind: "variant", variant }),
      }));
    }
    case "enum":
      return type.members.map((member) => ({
        from: memberPath(path, { ...member, value: member.was ?? member.value }),
        to: memberPath(path, member),
      }));
    default:
      return [];
  }
}

/**
 * Takes an entry's slot away. One that nobody else has stays taken; of two that share one, this one
 * was never deployed, and is taken out of the log: what follows it there has the place that it has
 * in the log of who was deployed.
 */
function renumber(entries: Map<string, LockEntry>, log: Allocation[], path: string): void {
  const entry = entries.get(path);
  if (entry === undefined) {
    throw new SessgenError("lock/unknown-path", `The lock has no entry ${path}`, { where: { path } });
  }
  const { allocation } = entry;
  const shared = [...entries].some(
    ([other, { allocation: its }]) =>
      other !== path && its.slot === allocation.slot && groupOf(other) === groupOf(path),
  );
  if (!shared) {
    retire(entries, path);
    return;
  }
  entries.delete(path);
  const elsewhere = [...entries.values()].some((other) => other.allocation === allocation);
  if (!elsewhere) log.splice(log.indexOf(allocation), 1);
}

function refuseUnknown([unknown]: readonly Rename[], { file, isCompacted }: ApplyOptions): void {
  if (unknown === undefined || isCompacted) return;
  const { from, to } = unknown;
  throw new SessgenError("lock/unknown-was", `${to} was never called ${from}: the lock has no such entry`, {
    where: { path: to, ...(file === undefined ? {} : { file }) },
  });
}

function refuseConflicts(entries: ReadonlyMap<string, LockEntry>, file: string | undefined): void {
  const owners = new Map<string, string>();
  for (const [path, { allocation }] of entries) {
    const { slot } = allocation;
    const place = `${groupOf(path)} ${slot}`;
    const owner = owners.get(place);
    if (owner === undefined) {
      owners.set(place, path);
      continue;
    }
    throw new SessgenError("lock/slot-conflict", `${owner} and ${path} have the same slot ${slot}`, {
      where: { path, ...(file === undefined ? {} : { file }) },
      fix: `Give the one that was never deployed a new slot: npx sessgen --renumber '${path}' (or '${owner}').`,
    });
  }
}
