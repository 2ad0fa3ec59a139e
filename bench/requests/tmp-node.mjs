// node:http without sessions, with ours, and with iron-session, which keeps everything in a sealed cookie.
import { createRequire } from "node:module";
import { expressSession } from "/work/main/bench/requests/express-session.mjs";
import { routes, serve, without } from "/tmp/prof/serve-http.mjs";

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
  open: async () => {
    const { sessions } = await import(`${ours}/index.js`);
    return async (request, response) => { const session = await sessions.open({ get: (name) => request.headers[name] }, {}); if (request.url !== "/read") { const end = response.end; session.visits; const c = await (request.url === "/login" ? (Object.assign(session, structuredClone((await import("./visit.mjs")).login)), session.$commit()) : Promise.resolve([])); if (c.length) response.setHeader("set-cookie", c); } return session; };
  },
  store: async () => {
    const { redisStore } = await import("/work/main/runtime/dist/stores/redis.js");
    const store = redisStore({ url: redisUrl });
    await store.write("x".repeat(43), Buffer.alloc(300, 1), { expect: "any", expiresAt: Date.now() + 1e6 });
    let n = 0; const b = Buffer.alloc(300, 1);
    return async (request) => { const k = "x".repeat(40) + (100 + n++ % 100); const stored = await store.read(k); if (request.url !== "/read") await store.write(k, b, { expect: stored?.version ?? "absent", expiresAt: Date.now() + 1e6 }); return {user: {}, visits: 0}; };
  },
  access: async () => {
    const { redisStore } = await import("/work/main/runtime/dist/stores/redis.js");
    const { StoreAccess } = await import("/work/main/runtime/dist/session/store-access.js");
    const { EventHub } = await import("/work/main/runtime/dist/session/events.js");
    const store = new StoreAccess(redisStore({ url: redisUrl }), 2000, new EventHub());
    await store.write("x".repeat(43), Buffer.alloc(300, 1), "any", Date.now() + 1e6);
    let n = 0; const b = Buffer.alloc(300, 1);
    return async (request) => { const k = "x".repeat(40) + (100 + n++ % 100); const stored = await store.read(k); if (request.url !== "/read") await store.write(k, b, stored?.version ?? "absent", Date.now() + 1e6); return {user: {}, visits: 0}; };
  },
  hash: async () => {
    const { storeKey } = await import("/work/main/runtime/dist/session/id.js");
    const { redisStore } = await import("/work/main/runtime/dist/stores/redis.js");
    const { StoreAccess } = await import("/work/main/runtime/dist/session/store-access.js");
    const { EventHub } = await import("/work/main/runtime/dist/session/events.js");
    const store = new StoreAccess(redisStore({ url: redisUrl }), 2000, new EventHub());
    await store.write(storeKey("x".repeat(43)), Buffer.alloc(300, 1), "any", Date.now() + 1e6);
    return async () => { await store.read(storeKey("x".repeat(43))); return {user: {}, visits: 0}; };
  },
  floor: async () => {
    const { createRequire: cr } = await import("node:module");
    const { Redis } = cr("/work/main/package.json")("ioredis");
    const io = new Redis(redisUrl);
    let corked = false;
    const cork = () => { if (corked) return; corked = true; const { stream } = io; stream.cork(); setImmediate(() => { corked = false; stream.uncork(); }); };
    const b = Buffer.alloc(300, 1);
    const sha = await io.script("LOAD", 'redis.call("GET", KEYS[1]) redis.call("SET", KEYS[1], ARGV[3], "PX", ARGV[4]) return 1');
    return async (request) => { const k = "session:0123456789012345678901234567890123456789123"; cork(); await io.getBuffer(k); if (request.url === "/write") { cork(); await io.evalshaBuffer(sha, "1", k, "123456789", "abcdefgh", b, "100000"); } return (globalThis.st ??= {visits: 1, user: {}}); };
  },
  "floor-es": async () => {
    const client = await require("redis").createClient({ url: redisUrl }).connect();
    const text = "x".repeat(500);
    return async (request) => { const k = "sess:0123456789012345678901234567890123456789123"; await client.get(k); if (request.url === "/write") await client.set(k, text, { expiration: { type: "EX", value: 1000 } }); else await client.expire(k, 1000); return (globalThis.st ??= {visits: 1, user: {}}); };
  },
  opencommit: async () => {}, "iron-session": async () => {
    const { getIronSession } = require("iron-session");
    const options = { cookieName: "session", password: "a secret of at least thirty-two characters" };
    return (request, response) => getIronSession(request, response, options);
  },
}[kind]();

if (kind === "opencommit") { const { sessions } = await import(`${ours}/index.js`);
  await serve((request, response) => { sessions.open({ get: (name) => request.headers[name] }, {}).then(async (session) => { const body = JSON.stringify(routes[request.url](session)); for (const c of await session.$commit()) response.setHeader("set-cookie", c); response.setHeader("content-type", "application/json"); response.end(body); }).catch((e) => response.destroy(e)); });
} else {
const handlers = kind === "none" ? without : routes;
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
await serve(handler, require("light-my-request"));

}