import { serve } from "h3";
import { createApp } from "./app.js";
import { sessions } from "./session/index.js";

const server = serve(createApp(), {
  port: Number(process.env["PORT"] ?? 3000),
  hostname: "localhost",
  silent: true,
});
await server.ready();
console.log(`Listening on ${server.url}`);

process.once("SIGTERM", () => void server.close().then(() => sessions.close()));
