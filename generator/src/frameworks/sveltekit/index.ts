import type { Framework } from "../framework.js";

/** SvelteKit 2. */
export const sveltekit: Framework = {
  name: "sveltekit",
  packages: ["@sveltejs/kit"],
  // SvelteKit refuses to bundle for browsers what is under this folder.
  output: "src/lib/server/session",
  reserved: ["withSession", "building", "error", "json"],
};
