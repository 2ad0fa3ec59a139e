/**
 * Gives a union of type texts, each once; `null` and `undefined` come last and `unknown` swallows
 * the others.
 */
export function unionText(texts: readonly string[]): string {
  return unionMembers(texts).join(" | ");
}

/** Gives the members of the union. */
export function unionMembers(texts: readonly string[]): readonly string[] {
  const unique = new Set(texts);
  if (unique.has("unknown")) return ["unknown"];
  for (const last of ["null", "undefined"]) {
    if (unique.delete(last)) unique.add(last);
  }
  return unique.size === 0 ? ["never"] : [...unique];
}
