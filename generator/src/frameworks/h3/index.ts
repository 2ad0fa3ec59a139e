import type { Framework } from "../framework.js";

/** h3 2. */
export const h3: Framework = {
  name: "h3",
  packages: ["h3"],
  reserved: ["withSession"],
};
