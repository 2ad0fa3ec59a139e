import { serve } from "@hono/node-server";
import { createApp } from "./app.js";
import { sessions } from "./session/index.js";

// On Bun `Bun.serve({ fetch })`, on Deno `Deno.serve(fetch)`, on workerd
// `export default { fetch }`.
const options = { fetch: createApp(), port: Number(process.env["PORT"] ?? 3000), hostname: "localhost" };
const server = serve(options, ({ port }) => console.log(`Listening on http://localhost:${port}`));

process.once("SIGTERM", () => server.close(() => void sessions.close()));
