import { serve } from "@hono/node-server";
import { createApp } from "./app.js";
import { sessions } from "./session/index.js";

const options = {
  fetch: createApp().fetch,
  port: Number(process.env["PORT"] ?? 3000),
  hostname: "localhost",
};
const server = serve(options, ({ port }) => console.log(`Listening on http://localhost:${port}`));

process.once("SIGTERM", () => server.close(() => void sessions.close()));
