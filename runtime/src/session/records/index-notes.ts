import type { FieldIndex } from "../../codec/definition.js";

/**
 * How far an index is.
 * - `open`: it lacks sessions that were stored before there was the index
 * - `filled`: those were entered, but an older deploy may still be running, which writes sessions
 *   without it
 * - `final`: it has all of them
 */
export type IndexState = "open" | "filled" | "final";

/** What is noted of an index that is not open. */
export interface IndexNote {
  /** What the index is of: another path, or hashes instead of values, is another index. */
  readonly of: string;
  readonly state: Exclude<IndexState, "open">;
  /**
   * The index it was before its field got another name, which an older deploy still writes: with
   * both, all sessions are found.
   */
  readonly before?: string;
}

/** Notes of an application's indexes, by their names. One record in the store has all of them. */
export type IndexNotes = Readonly<Record<string, IndexNote>>;

/** Reads the record; what is none, or not there, says nothing. */
export function readIndexNotes(payload: Uint8Array | undefined): IndexNotes {
  if (payload === undefined) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString());
    return Object(value) === value ? (value as IndexNotes) : {};
  } catch {
    return {};
  }
}

/** Makes the record. */
export function writeIndexNotes(notes: IndexNotes): Uint8Array {
  return Buffer.from(JSON.stringify(notes));
}

/** Tells what an index is of, for {@link IndexNote.of}. */
export function subjectOf({ path, hashed }: Pick<FieldIndex, "path" | "hashed">): string {
  return `${hashed ? "#" : ""}${path}`;
}

/** Gives the note of an index, if it is about this one; without one it is open. */
export function noteOf(
  notes: IndexNotes,
  index: Pick<FieldIndex, "name" | "path" | "hashed">,
): IndexNote | undefined {
  const note = Object.hasOwn(notes, index.name) ? notes[index.name] : undefined;
  return note?.of === subjectOf(index) ? note : undefined;
}
