/** The Vary value with those names in it: caches must not serve one user's response to another (RFC 9110, 12.5.5). */
export function varyOn(names: readonly string[], vary: string | undefined): string {
  if (!vary) return names.join(", ");
  const present = vary.split(",").map((name) => name.trim().toLowerCase());
  if (present.includes("*")) return vary;
  const missing = names.filter((name) => !present.includes(name.toLowerCase()));
  return [vary, ...missing].join(", ");
}

/**
 * The Cache-Control value of a response that hands out a session: shared caches must not keep it (RFC 9111, 7.3).
 * What the application said stays as far as it is compatible.
 */
export function uncacheable(cacheControl: string | undefined): string {
  if (!cacheControl) return "no-store";
  const directives = cacheControl
    .split(",")
    .map((directive) => directive.trim())
    .filter((directive) => directive !== "");
  if (directives.some((directive) => /^(no-store|private)$/i.test(directive))) return cacheControl;
  return ["private", ...directives.filter((directive) => !/^(public|s-maxage=.*)$/i.test(directive))].join(
    ", ",
  );
}
