import type { Framework } from "../framework.js";

/** Express, 4 and 5. */
export const express: Framework = {
  name: "express",
  packages: ["express"],
  reserved: ["attachSession"],
};
