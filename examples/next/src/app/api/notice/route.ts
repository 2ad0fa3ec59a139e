import { route } from "../../../route";

// Shown once: reading a flash field removes it.
export const GET = route((session) => Response.json({ notice: session.notice ?? null }));
