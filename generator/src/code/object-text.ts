/** An object literal of the members on one line: `{ a: 1, ...rest }`, or `{}`. */
export function objectText(members: readonly string[]): string {
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
