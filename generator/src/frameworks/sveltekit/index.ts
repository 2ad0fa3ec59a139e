import type { Framework } from "../framework.js";

/** SvelteKit 2. */
export const sveltekit: Framework = {
  name: "sveltekit",
  packages: ["@sveltejs/kit"],
  reserved: ["withSession", "building", "error", "json"],
};
