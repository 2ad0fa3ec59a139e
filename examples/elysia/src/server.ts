import { createApp } from "./app.js";
import { sessions } from "./session/index.js";

const app = createApp().listen(
  { port: Number(process.env["PORT"] ?? 3000), hostname: "localhost" },
  ({ port }) => console.log(`Listening on http://localhost:${port}`),
);

process.once("SIGTERM", async () => {
  await app.stop();
  await sessions.close();
});
