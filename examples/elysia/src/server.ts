import { createApp } from "./app.js";
import { sessions } from "./session/index.js";

createApp().listen({ port: Number(process.env["PORT"] ?? 3000), hostname: "localhost" }, (server) => {
  console.log(`Listening on http://localhost:${server.port}`);
  // The application itself knows of a server on Bun alone.
  process.once("SIGTERM", async () => {
    await server.stop();
    await sessions.close();
  });
});
