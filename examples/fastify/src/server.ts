import { createApp } from "./app.js";
import { sessions } from "./session/index.js";

const app = createApp({ logger: { level: "warn" } });
app.addHook("onClose", () => sessions.close());
process.once("SIGTERM", () => app.close());
console.log(`Listening on ${await app.listen({ port: Number(process.env["PORT"] ?? 3000) })}`);
