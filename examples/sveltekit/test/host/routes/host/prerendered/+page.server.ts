import { SessionError } from "@sessgen/runtime";
import type { ServerLoad } from "@sveltejs/kit";

export const prerender = true;

// Whoever looks at this page later, it is the same: it has no session.
export const load: ServerLoad = ({ locals: { session } }) => {
  try {
    session.visits += 1;
    return { written: "saved" };
  } catch (error) {
    return { written: error instanceof SessionError ? error.code : "failed" };
  }
};
