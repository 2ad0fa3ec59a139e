import type { APIRoute } from "astro";
import { csrfToken } from "example-shop";

export const GET: APIRoute = ({ locals: { session } }) => Response.json({ token: csrfToken(session) });
