import { json } from "@sveltejs/kit";
import { csrfToken } from "example-shop";
import type { RequestHandler } from "./$types";

export const GET: RequestHandler = ({ locals: { session } }) => json({ token: csrfToken(session) });
