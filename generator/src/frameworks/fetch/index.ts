import type { Framework } from "../framework.js";
import { entry } from "../wiring.js";

/** Whatever serves by a function from `Request` to `Response`: Bun, Deno, workerd. */
export const fetch: Framework = {
  name: "fetch",
  packages: [],
  signs: ["wrangler."],
  wiring: () => [
    entry({
      lines: (glue) => `import { session } from "${glue}";

export default { fetch: session((request, visitor) => yours(request, visitor)) };
`,
    }),
  ],
  reserved: ["withSession"],
};
