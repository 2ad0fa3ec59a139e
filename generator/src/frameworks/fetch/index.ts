import type { Framework } from "../framework.js";

/** Whatever serves by a function from `Request` to `Response`: Bun, Deno, workerd. */
export const fetch: Framework = {
  name: "fetch",
  packages: [],
  reserved: ["withSession"],
};
