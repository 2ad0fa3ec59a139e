import { compareStates } from "../../src/changes/compare.js";
import { stateOf } from "../../src/changes/state.js";
import { isMigrated } from "../../src/cli/changes.js";
import type { Lock } from "../../src/lock/lock.js";
import { printLock, readLock } from "../../src/lock/text.js";
import type { Field, Schema } from "./schema.js";

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
  /** Pairs of versions of which one was said not to find what the other one has written. */
  readonly #strangers: ReadonlySet<string>;
  readonly #schemas: readonly Schema[];

  constructor(schemas: readonly Schema[], locks: readonly Lock[], silenced: ReadonlySet<string>) {
    this.#schemas = schemas;
    // A lock as it comes from its file.
    const states = locks.map((lock, index) => stateOf(readLock(printLock(lock), "lock"), String(index)));
    const strangers = new Set<string>();
    this.#strangers = strangers;
    this.#all = states.flatMap((newer, index) =>
      states.slice(0, index).flatMap((older, place) =>
        compareStates(older, newer, isMigrated).flatMap(({ rule, class: grade, path }) => {
          if (grade === "safe" || silenced.has(rule)) return [];
          if (rule === "realm-changed") {
            strangers.add(`${place} ${index}`);
            if (grade === "breaking") strangers.add(`${index} ${place}`);
          }
          const name = /^@?([^.[|=<]+)/.exec(path)?.[1];
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

  /** Tells whether a version was said to find no session that another one has written. */
  coversStranger(reader: number, writer: number): boolean {
    return this.#strangers.has(`${reader} ${writer}`);
  }

  /** Tells whether sessions were said to be found by other keys than before. */
  hasOtherKeys(field: Field): boolean {
    return this.#all.some(
      ({ field: id, rule }) => id === field.id && ["index-key-changed", "index-hashed"].includes(rule),
    );
  }

  /** Tells whether documents call a field of another type the same: one may pass for the other. */
  sharesName(field: Field): boolean {
    const isRetyped = this.#all.some((named) => named.field === field.id && named.rule === "type-changed");
    return isRetyped && !this.#hasUpcasts(field) && this.#isDocument();
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
      case "property-added":
        return false;
      // Without a step each version has a slot of its own; documents have room for one.
      case "type-changed":
        return this.#hasUpcasts(field) ? isGrave || reader <= older : isMixed || this.#isDocument();
      default:
        return isGrave || reader <= older;
    }
  }

  #isDocument(): boolean {
    return this.#schemas.some(({ serializer }) => serializer !== "packed");
  }

  #hasUpcasts({ id }: Field): boolean {
    return this.#schemas.some(({ fields }) =>
      fields.some((field) => field.id === id && field.upcasts.length > 0),
    );
  }
}

function fieldsOf(schema: Schema | undefined, name: string | undefined): readonly Field[] {
  // What is in a type with a name of its own is told of that type.
  const isMeant = ({ name: own, type }: Field): boolean =>
    own === name || JSON.stringify(type).includes(`"name":"${name}"`);
  return schema?.fields.filter(isMeant) ?? [];
}
