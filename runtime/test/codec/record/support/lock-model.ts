import { createHash } from "node:crypto";
import type { FieldCodec, FieldDefinition, History, SessionDefinition } from "../../../../src/index.js";
import { enumCodec } from "../../../../src/index.js";

/** What the lock's log says of one slot. */
export interface Allocation {
  readonly slot: number;
  readonly key: string;
  readonly type: string;
  readonly generation: number;
}

/** A field or property of the schema; `key` is where it was when its slot was given out, and `name` what it is called now. */
export interface Text {
  readonly kind: "text";
  readonly key: string;
  readonly name: string;
}
export interface Choice {
  readonly kind: "choice";
  readonly key: string;
  readonly name: string;
  readonly members: readonly string[];
}
export interface Group {
  readonly kind: "group";
  readonly key: string;
  readonly name: string;
  readonly properties: readonly Text[];
}
export type Member = Text | Choice | Group;

/** The repository at one commit: the lock, and the schema. */
export interface Version {
  readonly log: readonly Allocation[];
  readonly schema: readonly Member[];
}

export const empty: Version = { log: [], schema: [] };
const application = "an application";

/** Commits a schema: what has no slot gets one, all in one new generation. What is gone keeps its slot. */
export function committed(before: Version, schema: readonly Member[]): Version {
  const log = [...before.log];
  const generation = (log.at(-1)?.generation ?? 0) + 1;
  const needsSlot = (key: string, type: string): boolean =>
    lastOf(log, key)?.type !== type || !keysOf(before.schema).includes(key);
  for (const [key, type] of schema.flatMap(allocationsOf)) {
    if (!needsSlot(key, type)) continue;
    const slot = log.filter((entry) => spaceOf(entry.key) === spaceOf(key)).length;
    log.push({ slot, key, type, generation });
  }
  return { log, schema };
}

/**
 * Merges another branch: its own slots are of no use here, so that its fields get new ones.
 * @param isFree - whether a field of that key can be had
 */
export function merged(ours: Version, theirs: Version, isFree: (key: string) => boolean): Version {
  const taken = new Set(ours.schema.flatMap(({ key, name }) => [`k${key}`, `n${name}`]));
  const others = theirs.schema.filter(
    ({ key, name }) => !taken.has(`k${key}`) && !taken.has(`n${name}`) && isFree(key),
  );
  return committed(ours, [...ours.schema, ...others]);
}

/** What the emitter writes beside the fields. */
export function historyOf({ log }: Version): History {
  const generations: number[] = [];
  for (const [index, { generation }] of log.entries()) generations[generation - 1] = index + 1;
  return {
    hashes: chainOf(log)
      .map((hash) => hash.slice(0, 8))
      .join(""),
    generations,
  };
}

/** The hash of each entry with all before it, whole: which allocation it is, among those of all histories. */
export function chainOf(log: readonly Allocation[]): string[] {
  let hash = createHash("sha256").update(`sessgen-lock\0${application}`).digest();
  return log.map(({ key, slot, type }) => {
    hash = createHash("sha256")
      .update(hash)
      .update(`\0${JSON.stringify([key, slot, type])}`)
      .digest();
    return hash.toString("hex");
  });
}

/** Whether one version has all that the other one has, and at most so many generations more. */
export function related(one: Version, other: Version, generations: number): boolean {
  const [shorter, longer] = one.log.length < other.log.length ? [one, other] : [other, one];
  const [mine, theirs] = [shorter, longer].map(({ log }) =>
    chainOf(log).map((hash, index) => `${hash} ${log[index]?.generation}`),
  ) as [string[], string[]];
  const apart = (longer.log.at(-1)?.generation ?? 0) - (shorter.log.at(-1)?.generation ?? 0);
  // A generation that one of them knows in part only is still being made.
  const isWhole = longer.log[shorter.log.length]?.generation !== shorter.log.at(-1)?.generation;
  const same = mine.length === theirs.length || isWhole;
  return same && apart <= generations && mine.every((hash, index) => hash === theirs[index]);
}

/** The values of a group, by the keys of its properties. */
export type GroupValue = Record<string, string>;

/** The definition that the emitter writes for a version. */
export function definitionOf({ log, schema }: Version): SessionDefinition {
  return schema
    .map((member): FieldDefinition => {
      const positions = allocationsOf(member).map(([key]) => log.indexOf(entryOf(log, key)) + 1);
      return {
        name: member.name,
        slot: entryOf(log, member.key).slot,
        position: Math.max(...positions),
        check: () => {},
        optional: true,
        mutable: member.kind === "group",
        codec: codecOf(log, member) as FieldCodec<unknown>,
      };
    })
    .sort((one, other) => one.slot - other.slot);
}

/** Which allocation the key stands for in this version. */
export function allocationOf({ log }: Version, key: string): string {
  return chainOf(log)[log.indexOf(entryOf(log, key))] ?? "";
}

function codecOf(log: readonly Allocation[], member: Member): FieldCodec<never> {
  if (member.kind === "text") return textCodec as FieldCodec<never>;
  if (member.kind === "choice") return choiceCodec(log, member) as FieldCodec<never>;
  return groupCodec(log, member) as FieldCodec<never>;
}

const textCodec: FieldCodec<string> = {
  write: (writer, value) => writer.string(value),
  read: (reader) => reader.string(),
  toPlain: (value) => value,
  fromPlain: (value, plain) => plain.readString(value),
};

function choiceCodec(log: readonly Allocation[], { key, members }: Choice): FieldCodec<string> {
  const bySlot: (string | undefined)[] = [];
  for (const member of members) bySlot[entryOf(log, `${key}=${member}`).slot] = member;
  return enumCodec(bySlot);
}

function groupCodec(log: readonly Allocation[], { properties }: Group): FieldCodec<GroupValue> {
  const bySlot = properties
    .map(({ key, name }) => ({ key, name, slot: entryOf(log, key).slot }))
    .sort((one, other) => one.slot - other.slot);
  return {
    write(writer, value) {
      const present = bySlot.filter(({ key }) => value[key] !== undefined);
      const start = writer.wideObject(present.map(({ slot }) => slot));
      for (const { key } of present) writer.string(value[key] ?? "");
      writer.close(value, start);
    },
    read(reader) {
      const slots = reader.wideObject(
        bySlot.map(({ slot }) => slot),
        [],
      );
      const value: GroupValue = {};
      for (const { key, slot } of bySlot) if (slots.has(slot)) value[key] = reader.string();
      return reader.close(value);
    },
    toPlain(value, plain) {
      const object: Record<string, unknown> = {};
      for (const { key, name } of bySlot) if (value[key] !== undefined) object[name] = value[key];
      return plain.object(value, object);
    },
    fromPlain(input, plain) {
      const object = plain.readObject(input);
      const value: GroupValue = {};
      for (const { key, name } of bySlot)
        if (object[name] !== undefined) value[key] = plain.readString(object[name]);
      return plain.keep(object, value);
    },
  };
}

/** Everything of a member that has a slot, with its type. */
function allocationsOf(member: Member): [key: string, type: string][] {
  if (member.kind === "choice")
    return [
      [member.key, "enum"],
      ...member.members.map((one): [string, string] => [`${member.key}=${one}`, "member"]),
    ];
  if (member.kind === "group")
    return [[member.key, "object"], ...member.properties.map(({ key }): [string, string] => [key, "string"])];
  return [[member.key, "string"]];
}

function keysOf(schema: readonly Member[]): string[] {
  return schema.flatMap(allocationsOf).map(([key]) => key);
}

/** Slots of fields, of the properties of a group, and of the members of an enum are counted each by themselves. */
function spaceOf(key: string): string {
  return /^.*[/=]/.exec(key)?.[0] ?? "";
}

function lastOf(log: readonly Allocation[], key: string): Allocation | undefined {
  return log.findLast((entry) => entry.key === key);
}

function entryOf(log: readonly Allocation[], key: string): Allocation {
  const entry = lastOf(log, key);
  if (entry === undefined) throw new Error(`${key} has no slot`);
  return entry;
}
