/**
 * A description as the text of a JSDoc comment: it cannot end the comment. `undefined` when there
 * is nothing to say.
 */
export function docText(description: string | undefined): string | undefined {
  const text = description?.replaceAll("*/", "*\\/").replaceAll("\r\n", "\n").trim();
  return text === "" ? undefined : text;
}
