import { csrfToken } from "example-shop";
import { defineEventHandler } from "h3";

export default defineEventHandler(({ context }) => ({ token: csrfToken(context.session) }));
