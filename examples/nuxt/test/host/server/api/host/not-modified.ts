import { defineEventHandler, handleCacheHeaders } from "h3";

export default defineEventHandler((event) => {
  if (handleCacheHeaders(event, { etag: '"page"', cacheControls: ["no-cache"] })) return;
  return "page";
});
