import type { APIRoute } from "astro";
import { streams } from "../../../lib/streams";

export const GET: APIRoute = () => Response.json(streams);
