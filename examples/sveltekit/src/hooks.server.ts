import { sequence } from "@sveltejs/kit/hooks";
import { csrf } from "$lib/server/csrf";
import { sessions } from "$lib/server/session";
import { session } from "$lib/server/session/sveltekit";

export const handle = sequence(session(), csrf);

// adapter-node says so when the last request has been answered.
process.once("sveltekit:shutdown", () => void sessions.close());
