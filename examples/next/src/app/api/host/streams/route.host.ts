import { streams } from "../streams";

export const dynamic = "force-dynamic";

export const GET = () => Response.json(streams);
