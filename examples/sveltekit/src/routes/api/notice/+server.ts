import { json } from "@sveltejs/kit";
import type { RequestHandler } from "./$types";

// Shown once: reading a flash field removes it.
export const GET: RequestHandler = ({ locals: { session } }) => json({ notice: session.notice ?? null });
