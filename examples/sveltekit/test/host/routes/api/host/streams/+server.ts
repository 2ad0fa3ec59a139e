import { json, type RequestHandler } from "@sveltejs/kit";
import { streams } from "../../../../lib/server/streams";

export const GET: RequestHandler = () => json(streams);
