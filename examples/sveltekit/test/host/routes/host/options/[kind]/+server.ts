import { json, type RequestHandler } from "@sveltejs/kit";

export const GET: RequestHandler = ({ locals }) => json({ visits: locals.session.visits });
