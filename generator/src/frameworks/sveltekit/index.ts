import type { Framework } from "../framework.js";

/** SvelteKit 2. */
export const sveltekit: Framework = {
  name: "sveltekit",
  packages: ["@sveltejs/kit"],
  // A file of wrangler's may be its own.
  covers: ["fetch"],
  signs: ["svelte.config."],
  prepares: { makes: ".svelte-kit/tsconfig.json", command: "svelte-kit sync" },
  wiring: () => [
    {
      file: "src/hooks.server",
      text: () => `import { session } from "$lib/server/session/sveltekit";

export const handle = session();
`,
      lines: () => `import { sequence } from "@sveltejs/kit/hooks";
import { session } from "$lib/server/session/sveltekit";

export const handle = sequence(session(), yours);
`,
    },
  ],
  // SvelteKit refuses to bundle for browsers what is under this folder.
  output: "src/lib/server/session",
  reserved: ["withSession", "building", "error", "json"],
};
