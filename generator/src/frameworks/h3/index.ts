import type { Framework } from "../framework.js";

/** h3 2, alone or under Nitro 3. */
export const h3: Framework = {
  name: "h3",
  packages: ["h3"],
  reserved: ["withSession"],
};
