import type { AddressInfo } from "node:net";
import { createApp } from "./app.js";
import { sessions } from "./session/index.js";

const server = createApp().listen(Number(process.env["PORT"] ?? 3000), "localhost", () => {
  console.log(`Listening on http://localhost:${(server.address() as AddressInfo).port}`);
});

process.once("SIGTERM", () => {
  server.close(() => void sessions.close());
  server.closeAllConnections();
});
