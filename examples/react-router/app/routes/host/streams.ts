import { streams } from "./open-streams";

export const loader = () => Response.json(streams);
