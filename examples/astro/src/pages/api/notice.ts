import type { APIRoute } from "astro";

// Shown once: reading a flash field removes it.
export const GET: APIRoute = ({ locals: { session } }) => Response.json({ notice: session.notice ?? null });
