import type { PackedReader } from "../packed/reader.js";
import type { PackedWriter } from "../packed/writer.js";
import type { PlainCodec } from "../plain/codec.js";
import { objectOf, toBase64 } from "../plain/tagged.js";
import { UnreadableValue } from "../unreadable.js";
import type { SessionRecord } from "./record.js";
import { packedFromPlain, slotOf } from "./slots.js";

/**
 * What few sessions have beside their fields. Packed, it is a map by name behind everything else;
 * in documents, members that begin with `$`. What a later version adds there is kept as it is.
 */
export type Extras = Pick<SessionRecord, "ends" | "binding" | "more">;

/** Names of the members in json and msgpack documents. */
export const extraMembers = { ends: "$ends", binding: "$binding", more: "$more" } as const;

/** Tells whether there is anything to write. */
export function hasExtras(extras: Extras): boolean {
  const { ends, binding, more } = extras;
  if (ends === undefined && binding === undefined && more === undefined) return false;
  return parts(extras) > 0;
}

/** Appends the map; its order is fixed, so equal extras are equal bytes. */
export function writeExtras(writer: PackedWriter, extras: Extras): void {
  const { ends, binding, more } = extras;
  writer.map(parts(extras));
  if (ends !== undefined && ends.size > 0) {
    writer.string("ends");
    writer.map(ends.size);
    for (const [slot, end] of ascending(ends)) {
      writer.int(slot);
      writer.int(end);
    }
  }
  if (binding !== undefined) {
    const entries = Object.entries(binding);
    writer.string("binding");
    writer.map(entries.length);
    for (const [name, value] of entries) {
      writer.string(name);
      writer.string(value);
    }
  }
  for (const [name, packed] of more ?? []) {
    writer.string(name);
    writer.raw(packed);
  }
}

/** Does the inverse of {@link writeExtras}. */
export function readExtras(reader: PackedReader): Extras {
  let extras: Extras = {};
  const more = new Map<string, Uint8Array>();
  for (let left = reader.map(); left > 0; left -= 1) {
    const name = nameOf(reader.string());
    if (name === "ends") extras = { ...extras, ends: readEnds(reader) };
    else if (name === "binding") extras = { ...extras, binding: readBinding(reader) };
    else more.set(name, reader.view());
  }
  return more.size === 0 ? extras : { ...extras, more };
}

/** Gives the members of a document. */
export function extrasToPlain({ ends, binding, more }: Extras): Readonly<Record<string, unknown>> {
  return {
    ...(ends !== undefined && ends.size > 0 && { [extraMembers.ends]: Object.fromEntries(ascending(ends)) }),
    ...(binding !== undefined && { [extraMembers.binding]: { ...binding } }),
    ...(more !== undefined &&
      more.size > 0 && {
        [extraMembers.more]: objectOf([...more].map(([name, packed]) => [name, toBase64(packed)])),
      }),
  };
}

/** Does the inverse of {@link extrasToPlain}, from all members of a document. */
export function extrasFromPlain(document: ReadonlyMap<string, unknown>, plain: PlainCodec): Extras {
  const entriesOf = (member: string): [string, unknown][] | undefined => {
    const value = document.get(member);
    return value === undefined ? undefined : Object.entries(plain.readObject(value));
  };
  const ends = entriesOf(extraMembers.ends);
  const binding = entriesOf(extraMembers.binding);
  const more = entriesOf(extraMembers.more);
  return {
    ...(ends && { ends: new Map(ends.map(([slot, end]) => [slotOf(slot), endOf(plain.readNumber(end))])) }),
    ...(binding && {
      binding: bindingOf(binding.map(([name, value]) => [name, plain.readString(value)])),
    }),
    ...(more && { more: new Map(more.map(([name, text]) => [unknownName(name), packedFromPlain(text)])) }),
  };
}

function parts({ ends, binding, more }: Extras): number {
  return (
    (ends !== undefined && ends.size > 0 ? 1 : 0) +
    (binding === undefined ? 0 : 1) +
    (more === undefined ? 0 : more.size)
  );
}

function ascending(ends: ReadonlyMap<number, number>): [number, number][] {
  return [...ends].sort(([one], [other]) => one - other);
}

function readEnds(reader: PackedReader): Map<number, number> {
  const ends = new Map<number, number>();
  for (let left = reader.map(); left > 0; left -= 1) {
    ends.set(slotOf(String(reader.int())), endOf(reader.int()));
  }
  return ends;
}

function readBinding(reader: PackedReader): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (let left = reader.map(); left > 0; left -= 1) entries.push([reader.string(), reader.string()]);
  return bindingOf(entries);
}

function bindingOf(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(([name, value]) => [nameOf(name), value]));
}

function endOf(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new UnreadableValue("an instant");
  return value;
}

/** What has a member of its own is not among the unknown: packed, there is one place for both. */
function unknownName(name: string): string {
  if (name === "ends" || name === "binding") throw new UnreadableValue("an unknown name");
  return nameOf(name);
}

/** Names become keys of objects. */
function nameOf(name: string): string {
  if (name === "__proto__") throw new UnreadableValue("a key other than __proto__");
  return name;
}
