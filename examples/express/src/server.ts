import express from "express";
import { createApp } from "./app.js";
import { sessions } from "./session/index.js";

const server = createApp(express).listen(Number(process.env["PORT"] ?? 3000), "localhost", () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : address;
  console.log(`Listening on http://localhost:${port}`);
});

process.once("SIGTERM", () => {
  server.close(() => void sessions.close());
  server.closeIdleConnections();
});
