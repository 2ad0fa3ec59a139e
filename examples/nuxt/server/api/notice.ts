import { defineEventHandler } from "h3";

// Shown once: reading a flash field removes it.
export default defineEventHandler(({ context }) => ({ notice: context.session.notice ?? null }));
