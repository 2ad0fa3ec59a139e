import type { State } from "./state.js";

/** Gives the format that is checked when it is read, if that is what is stored. */
export function formatBefore({ snapshot: { serializer } }: State): string | undefined {
  return serializer === "packed" ? undefined : serializer;
}
