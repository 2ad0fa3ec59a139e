import { isRecord } from "../checks/is-record.js";
import type { Codec } from "./codec.js";
import { type Kept, keep, keptOf } from "./packed/kept-slots.js";
import { packed, packValue } from "./packed/pool.js";
import { PackedReader } from "./packed/reader.js";
import { PlainCodec } from "./plain/codec.js";
import { belowOf, isAsNoted } from "./record/former-notes.js";
import { thrownIn, UnreadableValue } from "./unreadable.js";
import type { Upcast } from "./upcast.js";

/*
 * A property whose type changed has a slot for each type, as a field does. Versions that know one
 * of them keep the others with the object, and so does this one: what an older version reads is
 * made anew with each value that is written, and beside it, by the name `~7` of the slot that it
 * was made of, stands a hash of it. Where that is another one, an older version wrote last.
 */

/** The properties of an object as they are stored where those of the names have steps. */
export type Stepped<T, Names extends keyof T> = {
  [Name in keyof T as Name extends Names ? never : Name]: T[Name];
} & { [Name in Names]?: T[Name] };

/** A property whose type changed. */
export interface PropertyStep {
  readonly name: string;
  /** Of its values of today. */
  readonly slot: number;
  readonly codec: Codec<unknown>;
  /** What it was before, oldest first; each with a function back. */
  readonly former: readonly Upcast[];
  /** Throws unless the value is what the schema allows. */
  check(this: void, value: unknown): void;
  /** An object without it cannot be read. */
  readonly required?: boolean;
  /** Makes the value where there is none. */
  default?(this: void): unknown;
}

/**
 * Makes the codec of an object of the one that knows the types of today alone.
 * @param steps - called when they are first needed, since one may be of the object's own type
 */
export function steppedCodec<T extends object, Stored extends object>(
  inner: Codec<Stored>,
  steps: () => readonly PropertyStep[],
): Codec<T> {
  let known: readonly PropertyStep[] | undefined;
  const all = (): readonly PropertyStep[] => (known ??= steps());
  return {
    write: (writer, value) => inner.write(writer, lowered<Stored>(value, all())),
    read: (reader) => raised<T>(inner.read(reader), all()),
    toPlain(value, plain) {
      const { copy, kept, old } = lower(value, all());
      keep(copy, kept);
      const object = Object(inner.toPlain(copy as Stored, plain)) as Record<string, unknown>;
      for (const { name, former, bytes } of old)
        object[calledBy(former, name)] = former.codec.toPlain(readAll(former.codec, bytes), plain);
      return object;
    },
    fromPlain: (input, plain) => raised<T>(inner.fromPlain(input, plain), all()),
  };
}

/**
 * Gives the object that was read with values made of those of former types, where these are newer.
 * @throws UnreadableValue where a function fails, or gives what the schema forbids
 */
function raised<T extends object>(stored: object, steps: readonly PropertyStep[]): T {
  const value = stored as Record<string, unknown>;
  const kept = keptOf(stored);
  const names = kept && namesOf(kept);
  for (const step of steps) {
    const { name, former } = step;
    try {
      if (kept !== undefined && names !== undefined) {
        const below = belowIn(kept.slots, names, step);
        const level = levelOf(step, below, names);
        if (level < former.length) {
          const made = raise(step, level, below);
          if (made === undefined) delete value[name];
          else value[name] = made;
        }
      }
      if (Object.hasOwn(value, name)) continue;
      if (step.default !== undefined) value[name] = step.default();
      else if (step.required) throw new UnreadableValue("present");
    } catch (error) {
      throw thrownIn(name, error);
    }
  }
  return value as T;
}

/** Gives an object as it is stored: a copy, with what older versions read kept beside it. */
function lowered<Stored extends object>(value: object, steps: readonly PropertyStep[]): Stored {
  const { copy, kept, old } = lower(value, steps);
  const slots = new Map(kept.slots);
  for (const { former, bytes } of old) slots.set(former.slot, bytes);
  keep(copy, { ...kept, slots });
  return copy as Stored;
}

/** A value of a former type that stands beside the one of today. */
interface Old {
  /** The property. */
  readonly name: string;
  readonly former: Upcast;
  readonly bytes: Uint8Array;
}

function lower(
  value: object,
  steps: readonly PropertyStep[],
): { readonly copy: Record<string, unknown>; readonly kept: Kept; readonly old: readonly Old[] } {
  const copy: Record<string, unknown> = { ...value };
  const before = keptOf(value);
  const slots = new Map(before?.slots);
  const names = before === undefined ? {} : namesOf(before);
  const old: Old[] = [];
  for (const step of steps) {
    const { name, former } = step;
    const next = isUnchanged(step, copy[name], slots, names) ?? made(step, copy[name], slots, names);
    for (const one of former) {
      slots.delete(one.slot);
      delete names[calledBy(one, name)];
      const bytes = next.below.get(one.slot);
      if (bytes !== undefined) old.push({ name, former: one, bytes });
    }
    if (next.level < former.length) delete copy[name];
    for (let level = 1; level <= former.length; level += 1) {
      const note = belowOf(next.below, former, level, false);
      delete names[noteName(step, level)];
      if (level <= next.level && typeof note === "number") names[noteName(step, level)] = note;
    }
  }
  const rest =
    Object.keys(names).length === 0 ? undefined : packed((writer) => writer.unknown(names)).slice();
  return { copy, kept: { slots, rest }, old };
}

type Below = ReadonlyMap<number, Uint8Array>;

/** What of former types stands there from now on, and the level whose value counts. */
interface Next {
  readonly below: Below;
  readonly level: number;
}

/** What was read of an older value and is still the same stays that value. */
function isUnchanged(
  step: PropertyStep,
  value: unknown,
  slots: Kept["slots"],
  names: Readonly<Record<string, unknown>>,
): Next | undefined {
  if (value === undefined) return undefined;
  try {
    const below = belowIn(slots, names, step);
    const level = levelOf(step, below, names);
    if (level === step.former.length) return undefined;
    const made = raise(step, level, below);
    if (made === undefined) return undefined;
    const [one, other] = [packValue(step.codec, made).slice(), packValue(step.codec, value)];
    return Buffer.compare(one, other) === 0 ? { below, level } : undefined;
  } catch {
    return undefined;
  }
}

/** What the functions back make of a value; what was there where one of them fails. */
function made(
  step: PropertyStep,
  value: unknown,
  slots: Kept["slots"],
  names: Readonly<Record<string, unknown>>,
): Next {
  const below = new Map<number, Uint8Array>();
  const level = step.former.length;
  if (value === undefined) return { below, level };
  try {
    let older: unknown = value;
    for (const { slot, codec, down } of step.former.toReversed()) {
      if (down === undefined) throw new TypeError("there is no way back");
      older = down(older);
      below.set(slot, packValue(codec, older).slice());
    }
    return { below, level };
  } catch {
    return { below: wasBelow(step, slots, names), level };
  }
}

function wasBelow(step: PropertyStep, slots: Kept["slots"], names: Readonly<Record<string, unknown>>): Below {
  try {
    return belowIn(slots, names, step);
  } catch {
    return new Map();
  }
}

/** What of former types is kept with an object: packed, whatever its format was. */
function belowIn(
  slots: Kept["slots"],
  names: Readonly<Record<string, unknown>>,
  { name, former }: PropertyStep,
): Below {
  const below = new Map<number, Uint8Array>();
  for (const one of former) {
    const bytes = slots.get(one.slot);
    const called = calledBy(one, name);
    if (bytes !== undefined) {
      // `undefined` says what absence says.
      if (!new PackedReader(bytes).tryUndefined()) below.set(one.slot, bytes);
    } else if (Object.hasOwn(names, called) && !plain.isUndefined(names[called])) {
      const value = one.codec.fromPlain(names[called], plain);
      below.set(one.slot, packValue(one.codec, value).slice());
    }
  }
  return below;
}

/** Reads what either format has. */
const plain = new PlainCodec("msgpack");

/** The level whose value counts: former types from the oldest on, then today's. */
function levelOf(step: PropertyStep, below: Below, names: Readonly<Record<string, unknown>>): number {
  const { former } = step;
  for (let level = former.length; level > 0; level -= 1) {
    const note = names[noteName(step, level)];
    const noted = typeof note === "number" ? note : "nothing";
    if (isAsNoted(noted, belowOf(below, former, level, false))) return level;
  }
  return 0;
}

/** Makes the value of today of the one at a level; `undefined` where there is none. */
function raise(step: PropertyStep, level: number, below: Below): unknown {
  const [from] = step.former.slice(level);
  const bytes = from && below.get(from.slot);
  if (from === undefined || bytes === undefined) return undefined;
  try {
    let value = readAll(from.codec, bytes);
    for (const { up } of step.former.slice(level)) value = up(value);
    step.check(value);
    return value;
  } catch {
    throw new UnreadableValue("what its steps make a value of");
  }
}

function readAll(codec: Codec<unknown>, bytes: Uint8Array): unknown {
  const reader = new PackedReader(bytes);
  const value = codec.read(reader);
  reader.end();
  return value;
}

function calledBy({ stored }: Upcast, name: string): string {
  return stored?.[0] ?? name;
}

function noteName({ slot, former }: PropertyStep, level: number): string {
  return `~${former[level]?.slot ?? slot}`;
}

function namesOf({ rest }: Kept): Record<string, unknown> {
  const names = rest && new PackedReader(rest).unknown();
  return isRecord(names) ? { ...names } : {};
}
