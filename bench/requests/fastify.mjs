// Fastify without sessions, and with @fastify/session over the same Redis store as express-session.
import { createRequire } from "node:module";
import { routes, serve, without } from "./visit.mjs";

const [kind, redisUrl, peers] = process.argv.slice(2);
const require = createRequire(`${peers}/.`);
const app = require("fastify")();
if (kind !== "none") {
  const { RedisStore } = require("connect-redis");
  const client = await require("redis").createClient({ url: redisUrl }).connect();
  await app.register(require("@fastify/cookie"));
  await app.register(require("@fastify/session"), {
    store: new RedisStore({ client }),
    secret: "a secret of at least thirty-two characters",
    saveUninitialized: false,
    rolling: false,
    cookie: { maxAge: 30 * 60_000, secure: false },
  });
}
for (const [path, route] of Object.entries(kind === "none" ? without : routes)) {
  app.get(path, (request, reply) => reply.send(route(request.session)));
}
await app.ready();
await serve(app.server);
