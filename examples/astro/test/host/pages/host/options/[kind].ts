import type { APIRoute } from "astro";

export const GET: APIRoute = ({ locals }) => Response.json({ visits: locals.session.visits });
