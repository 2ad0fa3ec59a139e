import type { FieldDefinition } from "../../codec/definition.js";
import type { SessionRecord } from "../../codec/record/record.js";
import type { SessionContext } from "../context/options.js";
import type { Change } from "./change.js";
import { FieldValue } from "./field-value.js";

/** The fields that a request has read or assigned: what it may have changed of its session. */
export class FieldValues {
  readonly #context: SessionContext;
  /** Made when a field is first used: many a request uses none. */
  #values: Map<FieldDefinition, FieldValue> | undefined;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /**
   * Gives a field's value, from its first use on the same one.
   * @param record - what is stored
   */
  of(field: FieldDefinition, record: SessionRecord | undefined): FieldValue {
    this.#values ??= new Map();
    let value = this.#values.get(field);
    if (value === undefined) {
      value = new FieldValue(field, this.#context, record);
      this.#values.set(field, value);
    }
    return value;
  }

  /** Gives a field's value where it was used. */
  used(field: FieldDefinition): FieldValue | undefined {
    return this.#values?.get(field);
  }

  /**
   * Lists every field whose value differs from what is stored.
   * @throws SessionFieldError when a value was changed in place to one that the schema forbids
   */
  changes(): Change[] {
    const changes: Change[] = [];
    if (this.#values === undefined) return changes;
    for (const field of this.#context.fields) {
      const change = this.#values.get(field)?.change();
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  /**
   * Gives the names of the fields that {@link changes} finds, and of those that were changed to
   * what the schema forbids.
   */
  changed(): string[] {
    return [...(this.#values ?? [])].filter(([, value]) => value.isChanged()).map(([{ name }]) => name);
  }

  /**
   * Tells whether {@link changes} can be anything but empty: whether something was assigned,
   * removed, shown or changed in place.
   */
  mayHaveChanged(): boolean {
    if (this.#values === undefined) return false;
    for (const value of this.#values.values()) if (value.mayHaveChanged()) return true;
    return false;
  }

  /** Forgets them all: what was handed out is no longer the session's. */
  clear(): void {
    this.#values = undefined;
  }

  /**
   * Goes on from what was just stored.
   * @param saved - the changes that it contains
   */
  rebase(record: SessionRecord, saved: readonly Change[]): void {
    if (this.#values === undefined) return;
    for (const [field, value] of this.#values) {
      const change = saved.find((candidate) => candidate.field === field);
      const next = value.after(record, change);
      if (next === undefined) this.#values.delete(field);
      else this.#values.set(field, next);
    }
  }
}
