import type { APIRoute } from "astro";
import { gate } from "../../../lib/gate";

export const GET: APIRoute = () => {
  gate.open();
  return new Response(null);
};
