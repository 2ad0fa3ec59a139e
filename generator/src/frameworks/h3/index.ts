import type { Framework } from "../framework.js";

/** h3 2, alone or in Nitro 3. */
export const h3: Framework = {
  name: "h3",
  packages: ["h3", "nitro"],
  reserved: ["withSession"],
};
