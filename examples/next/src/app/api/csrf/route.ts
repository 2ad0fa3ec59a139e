import { csrfToken } from "example-shop";
import { route } from "../../../route";

export const GET = route((session) => Response.json({ token: csrfToken(session) }));
