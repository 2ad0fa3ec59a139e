// What a session costs a server, per request: the processor time of a server with it less that of
// the same one without, side by side with express-session, @fastify/session, iron-session and
// Flask-Session, over one Redis. Requests come over HTTP, on a hundred connections; what Redis was
// asked is what Redis counted.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { register } from "tsx/esm/api";
import { build, ensureInstalled } from "../scripts/ensure-installed.mjs";
import { installPeers, installPythonPeers } from "./peers.mjs";
import { startPythonServer, startServer } from "./requests/server.mjs";
import { median } from "./statistics.mjs";

const ROUNDS = 11;
const REQUESTS = 10_000;

const root = fileURLToPath(new URL("..", import.meta.url));
ensureInstalled();
build();
const peers = installPeers("requests", {
  autocannon: "8",
  "express-session": "1",
  "connect-redis": "9",
  redis: "5",
  fastify: "5",
  "@fastify/cookie": "11",
  "@fastify/session": "11",
  "iron-session": "8",
});
const python = installPythonPeers(["flask==3.1.*", "flask-session[redis]==0.8.*"]);

const autocannon = createRequire(`${peers}/.`)("autocannon");

register();
const { startService } = await import("../services/start.ts");
const { redis: recipe } = await import("../services/redis.ts");
const service = await startService(recipe);
const redis = new Redis(service.url);
const work = join(root, ".cache/bench-requests");
const ours = makeModule();

const node = (program) => (kind) => startServer(program, [kind, service.url, peers, ours], autocannon);
/** Who is measured with whom, each group with a server without sessions. */
const groups = [
  { framework: "node:http", start: node("node.mjs"), kinds: ["sessgen", "express-session", "ioredis alone"] },
  { framework: "node:http", start: node("node.mjs"), kinds: ["iron-session"] },
  { framework: "Express", start: node("express.mjs"), kinds: ["sessgen", "express-session"] },
  { framework: "Fastify", start: node("fastify.mjs"), kinds: ["@fastify/session"] },
];
if (python) {
  const start = (kind) => startPythonServer(python, "flask_app.py", [kind, service.url]);
  groups.push({ framework: "Flask", start, kinds: ["Flask-Session"] });
}
const paths = ["/read", "/write"];
const { values } = parseArgs({
  allowPositionals: true,
  options: { frameworks: { type: "string" } },
  strict: false,
});
const wanted = values.frameworks?.split(",") ?? groups.map(({ framework }) => framework);

const results = [];
try {
  for (const group of groups.filter(({ framework }) => wanted.includes(framework))) {
    results.push({ ...group, ...(await measure(group)) });
  }
} finally {
  redis.disconnect();
  await service.stop();
  rmSync(work, { recursive: true, force: true });
}
print();

/**
 * Measures the servers of a group: one after the other, round after round, so that a slow moment of
 * the machine hits all of them alike. No more than these at once: V8 forgets the code of who waits
 * for too long.
 */
async function measure({ start, kinds }) {
  const servers = {};
  for (const kind of ["none", ...kinds]) {
    servers[kind] = await start(kind);
    for (const path of paths) await servers[kind].visit(path, REQUESTS);
  }
  const costs = {};
  const sent = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [kind, server] of Object.entries(servers)) {
      for (const path of paths) {
        await server.visit(path, REQUESTS / 5);
        const before = await commands();
        costs[`${kind} ${path}`] ??= [];
        costs[`${kind} ${path}`].push(await server.visit(path, REQUESTS));
        sent[`${kind} ${path}`] = perRequest(before, await commands());
      }
    }
  }
  for (const server of Object.values(servers)) server.stop();
  // Round by round: the speed of a machine with neighbours is another one every few seconds.
  const own = (kind, path) =>
    costs[`${kind} ${path}`].map((cost, round) => cost - costs[`none ${path}`][round]);
  return { own, sent };
}

/** How often each command was called so far, as the server counts. */
async function commands() {
  const counts = {};
  for (const [, name, calls] of (await redis.info("commandstats")).matchAll(
    /^cmdstat_([^:]+):calls=(\d+)/gm,
  )) {
    counts[name] = Number(calls);
  }
  return counts;
}

function perRequest(before, after) {
  return Object.entries(after)
    .map(([name, calls]) => [name, (calls - (before[name] ?? 0)) / REQUESTS])
    .filter(([name, calls]) => calls > 0.01 && name !== "info")
    .map(([name, calls]) => `${calls.toFixed(calls % 1 < 0.01 ? 0 : 2)} ${name}`)
    .join(", ");
}

function print() {
  console.log(
    `\nNode ${process.version}, ${service.name} ${service.version}: processor time of the session alone, in microseconds`,
  );
  console.log(`per request, and what Redis was asked; median of ${ROUNDS} rounds of ${REQUESTS} requests`);
  for (const { framework, kinds, own, sent } of results) {
    for (const kind of kinds) {
      const line = paths.map((path) => {
        const cost = median(own(kind, path)).toFixed(0).padStart(5);
        return `${cost}  ${sent[`${kind} ${path}`] || "-"}`.padEnd(40);
      });
      console.log(`  ${`${framework}, ${kind}`.padEnd(36)}${line.join("")}`.trimEnd());
    }
  }
  console.log("\nTo express-session, median of the rounds' ratios");
  for (const { framework, kinds, own } of results.filter(({ kinds }) => kinds.includes("sessgen"))) {
    for (const kind of kinds.filter((kind) => kind !== "express-session")) {
      const ratios = paths.map((path) => {
        const theirs = own("express-session", path);
        const ratio = median(own(kind, path).map((cost, round) => cost / theirs[round]));
        return `${ratio.toFixed(2)} ${path === "/read" ? "to read" : "to write"}`;
      });
      console.log(`  ${`${framework}, ${kind}`.padEnd(28)}${ratios.join(", ")}`);
    }
  }
}

/** The quickstart's session over Redis, as a user would have it: generated and compiled. */
function makeModule() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const files = {
    "package.json": '{ "name": "bench", "type": "module" }\n',
    "session.config.ts": `import { defineConfig } from "sessgen";
import { z } from "zod";

export default defineConfig({
  schema: z.object({
    user: z.object({ id: z.uuid(), name: z.string(), roles: z.array(z.enum(["admin", "member"])) }).optional(),
    cart: z.array(z.object({ sku: z.string(), quantity: z.int().positive() })).default([]),
    visits: z.int().default(0),
    theme: z.enum(["light", "dark"]).default("light"),
  }),
  fields: { user: { regenerate: "on-change" }, visits: { merge: "counter" }, cart: { merge: { union: "sku" } } },
  backend: { kind: "redis", url: ${JSON.stringify(service.url)} },
  frameworks: ["express"],
});
`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: { module: "nodenext", target: "es2023", strict: true, outDir: "dist", rootDir: "src" },
      include: ["src"],
    }),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(work, name), content);
  for (const args of [
    [join(root, "generator/bin/sessgen.js"), "--new-application"],
    [join(root, "node_modules/typescript/bin/tsc"), "-p", "."],
  ]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: work, encoding: "utf8" });
    if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`);
  }
  return join(work, "dist/session");
}
