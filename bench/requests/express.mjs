// Express 5 without sessions, with ours, and with express-session and connect-redis as their
// documentation sets them up.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import express from "express";
import { expressSession } from "./express-session.mjs";
import { routes, serve, without } from "./visit.mjs";

const [kind, redisUrl, peers, ours] = process.argv.slice(2);
const require = createRequire(`${peers}/.`);
const app = express();
app.disable("x-powered-by");
if (kind === "sessgen") {
  const { session } = await import(`${ours}/express.js`);
  app.use(session());
}
if (kind === "express-session") {
  const client = await require("redis").createClient({ url: redisUrl }).connect();
  app.use(require("express-session")(expressSession(require, client)));
}
for (const [path, route] of Object.entries(kind === "none" ? without : routes)) {
  app.get(path, (request, response) => response.json(route(request.session)));
}
await serve(createServer(app));
