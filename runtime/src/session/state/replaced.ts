import type { FieldDefinition } from "../../codec/definition.js";
import type { SessionRecord } from "../../codec/record/record.js";

/** A stored value that cannot be read, and that a change would replace. */
export interface Replaced {
  readonly field: FieldDefinition;
  /** The field's own, or that of a type that it had before. */
  readonly slot: number;
  readonly bytes: Uint8Array;
  /** What it is stored in. */
  readonly record: SessionRecord;
  /** The change was made of what stood in its place: it is refused once. */
  readonly refused: boolean;
}

/** What the commits of one request replace that cannot be read. */
export class Replacing {
  /** What the commit under way replaces. */
  now: readonly Replaced[] = nothing;
  /** Made when it is first used: nearly everything can be read. */
  #aside: Set<string> | undefined;

  /** Begins another commit. */
  begin(): void {
    this.now = nothing;
  }

  /** Notes that this may go: it was set aside, where there is a place for it. */
  setAside(digest: string): void {
    this.#aside ??= new Set();
    this.#aside.add(digest);
  }

  /** Says whether it may. */
  isAside(digest: string): boolean {
    return this.#aside?.has(digest) ?? false;
  }
}

const nothing: readonly Replaced[] = [];
