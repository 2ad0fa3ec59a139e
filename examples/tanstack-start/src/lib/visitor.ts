import { session } from "../session/tanstack-start";

/** Gives every request its session; one for all who name it, or it would be opened for each. */
export const visitor = session();
