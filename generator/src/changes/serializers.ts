import type { State } from "./state.js";

/** The format that stores names, if sessions are read or written in one. */
export function asDocument(before: State, after: State): string | undefined {
  return formatBefore(before) ?? formatBefore(after);
}

/** The format that is checked when it is read, if that is what is stored. */
export function formatBefore({ snapshot: { serializer } }: State): string | undefined {
  return serializer === "packed" ? undefined : serializer;
}
