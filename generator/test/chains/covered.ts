import { compareStates } from "../../src/changes/compare.js";
import { stateOf } from "../../src/changes/state.js";
import { isMigrated } from "../../src/cli/changes.js";
import type { Lock } from "../../src/lock/lock.js";
import { printLock, readLock } from "../../src/lock/text.js";
import type { Field, Schema, Upcast } from "./schema.js";

/** What `check --against` says of a field between two versions of a chain. */
interface Named {
  readonly field: number;
  readonly rule: string;
  /** Something is lost, by whomever. */
  readonly isGrave: boolean;
  /** The version that the newer of the two is compared with. */
  readonly older: number;
}

/** What of a chain the gate warns of. */
export class Warnings {
  readonly #all: readonly Named[];
  readonly #schemas: readonly Schema[];

  constructor(schemas: readonly Schema[], locks: readonly Lock[], silenced: ReadonlySet<string>) {
    this.#schemas = schemas;
    // A lock as it comes from its file.
    const states = locks.map((lock, index) => stateOf(readLock(printLock(lock), "lock"), String(index)));
    this.#all = states.flatMap((newer, index) =>
      states.slice(0, index).flatMap((older, place) =>
        compareStates(older, newer, isMigrated).flatMap(({ rule, class: grade, path }) => {
          if (silenced.has(rule)) return [];
          const name = /^[^.[|=<]+/.exec(path)?.[0];
          const fields = [schemas[place], schemas[index]].flatMap((schema) => fieldsOf(schema, name));
          return [...new Set(fields.map(({ id }) => id))].map((field) => ({
            field,
            rule,
            isGrave: grade === "breaking" || grade === "step",
            older: place,
          }));
        }),
      ),
    );
  }

  /** Tells whether a version was said not to see all of a field. */
  covers(field: Field, reader: number): boolean {
    return this.#all.some((named) => named.field === field.id && this.#isCovered(named, field, reader));
  }

  #isCovered({ rule, isGrave, older }: Named, field: Field, reader: number): boolean {
    const isMixed = new Set(this.#schemas.map(({ serializer }) => serializer)).size > 1;
    switch (rule) {
      // What they say in words, in a case that the class is not about: nothing is lost by them.
      case "field-added":
      case "field-removed":
      case "field-renamed":
      case "merge-changed":
      case "ttl-changed":
      case "default-changed":
        return false;
      // Kept by whoever does not know it, unless formats are mixed.
      case "property-added":
        return isMixed;
      case "type-changed":
        if (this.#upcastsOf(field).length > 0) return !this.#hasUpcasts(field, reader);
        return isMixed || this.#isDocument();
      default:
        return isGrave || reader <= older;
    }
  }

  #isDocument(): boolean {
    return this.#schemas.some(({ serializer }) => serializer !== "packed");
  }

  /** Whether the reader's values are made of those of all others, in both directions. */
  #hasUpcasts(field: Field, reader: number): boolean {
    const own = this.#schemas[reader]?.fields.find(({ id }) => id === field.id)?.upcasts.length ?? 0;
    return this.#upcastsOf(field)
      .slice(own)
      .every(({ down }) => down);
  }

  /** The steps that the newest version has of a field. */
  #upcastsOf({ id }: Field): readonly Upcast[] {
    const all = this.#schemas.map(({ fields }) => fields.find((field) => field.id === id)?.upcasts);
    return all.findLast((upcasts) => upcasts !== undefined) ?? [];
  }
}

function fieldsOf(schema: Schema | undefined, name: string | undefined): readonly Field[] {
  return schema?.fields.filter((field) => field.name === name) ?? [];
}
