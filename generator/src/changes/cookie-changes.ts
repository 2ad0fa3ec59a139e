import type { Comparison } from "./comparison.js";
import { ofEnvironment } from "./environments.js";
import type { Found } from "./rule.js";

/** Finds which of these options of the cookie are others now. */
export function cookieChanges(
  { cookies }: Comparison,
  options: readonly string[],
): readonly (Found & { readonly environment: string })[] {
  return cookies.flatMap(({ name: environment, before, after, at }) =>
    options.flatMap((option) => {
      const [was, is] = [before, after].map((cookie) => JSON.stringify(cookie[option]) ?? "the default");
      if (was === is) return [];
      return [
        {
          environment,
          path: `cookie.${option}`,
          at: [...at, option],
          summary: `${option} of the cookie${ofEnvironment(environment)} was ${was} and is ${is}`,
        },
      ];
    }),
  );
}
