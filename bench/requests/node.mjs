// node:http without sessions, with ours, with iron-session, which keeps everything in a sealed
// cookie, and with nothing but the commands that a session cannot do without.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { driverAlone } from "./driver-alone.mjs";
import { expressSession } from "./express-session.mjs";
import { routes, serve, without } from "./visit.mjs";

const [kind, redisUrl, peers, ours] = process.argv.slice(2);
const require = createRequire(`${peers}/.`);
const open = await {
  none: async () => async () => undefined,
  sessgen: async () => {
    const { attachSession } = await import("@sessgen/runtime/http/node");
    const { sessions } = await import(`${ours}/index.js`);
    return (request, response) => attachSession(sessions, request, response);
  },
  "express-session": async () => {
    const client = await require("redis").createClient({ url: redisUrl }).connect();
    const middleware = require("express-session")(expressSession(require, client));
    return (request, response) =>
      new Promise((resolve, reject) => {
        middleware(request, response, (error) => (error ? reject(error) : resolve(request.session)));
      });
  },
  "iron-session": async () => {
    const { getIronSession } = require("iron-session");
    const options = { cookieName: "session", password: "a secret of at least thirty-two characters" };
    return (request, response) => getIronSession(request, response, options);
  },
  "ioredis alone": () => driverAlone(redisUrl),
}[kind]();

const handlers = kind === "none" || kind === "ioredis alone" ? without : routes;
const handler = (request, response) => {
  open(request, response)
    .then(async (session) => {
      const body = JSON.stringify(handlers[request.url](session));
      // Theirs must be told to; a read-only request has nothing to save.
      if (kind === "iron-session" && request.url !== "/read") await session.save();
      response.setHeader("content-type", "application/json");
      response.end(body);
    })
    .catch((error) => response.destroy(error));
};
await serve(createServer(handler));
