/**
 * Tells whether this was thrown by `redirect()`, `notFound()` and their like of `next/navigation`:
 * an answer, and no failure. Next.js knows them by their `digest`, in every version since 13.
 */
export function isAnswer(thrown: unknown): boolean {
  return /^NEXT_(?:REDIRECT|HTTP_ERROR_FALLBACK)\b/.test(digestOf(thrown));
}

/**
 * Makes the response that Next.js would make of what was thrown in a Route Handler, but one that
 * headers can be added to.
 * @returns `undefined` when it is no answer
 */
export function answerOf(thrown: unknown): Response | undefined {
  const [kind, ...parts] = digestOf(thrown).split(";");
  if (kind === "NEXT_HTTP_ERROR_FALLBACK") return new Response(null, { status: Number(parts[0]) });
  if (kind !== "NEXT_REDIRECT") return undefined;
  // The type of the redirect, its address (which may have semicolons), the status, and an end.
  const location = parts.slice(1, -2).join(";");
  return new Response(null, { status: Number(parts.at(-2)), headers: { location } });
}

function digestOf(thrown: unknown): string {
  const digest: unknown = Reflect.get(Object(thrown), "digest");
  return typeof digest === "string" ? digest : "";
}
