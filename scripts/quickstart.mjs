// `npm run quickstart`: from session.config.ts to a served session and back. Installs and builds if
// needed, generates, migrates, serves the Express example, drives it like a browser, and ends by
// itself.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, ensureInstalled } from "./ensure-installed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
ensureInstalled();
build();

title("npx sessgen");
sessgen();
console.log(
  `  ${readdirSync("examples/express/src/session")
    .filter((name) => !name.startsWith("."))
    .join(", ")}`,
);

title("npx sessgen migrate");
sessgen("migrate");

let server = await serve();
const browser = await open();

title("First visit");
console.log(`  GET / → ${JSON.stringify(await browser.page())}`);
console.log(`  ${browser.lastCookie()}`);

title("Login: the session gets a new id");
await browser.post("/login", { name: "Ada" });
console.log(`  ${browser.lastCookie()}`);
console.log(
  `  GET /notice → ${JSON.stringify(await browser.page("/notice"))}, and again → ${JSON.stringify(await browser.page("/notice"))}`,
);

title("A nested change, then three requests at once");
await browser.post("/cart", { sku: "tea", quantity: 1 });
await browser.post("/cart", { sku: "tea", quantity: 1 });
await Promise.all([
  browser.post("/cart", { sku: "milk", quantity: 2 }),
  browser.post("/cart", { sku: "bread", quantity: 1 }),
  browser.page(),
]);
console.log(`  GET / → ${JSON.stringify(await browser.page())}`);

title("What is stored");
await showStored(browser.id());

title("After a restart of the server");
await server.stop();
server = await serve(server.port);
console.log(`  GET / → ${JSON.stringify(await browser.page())}`);

title("Logout");
await browser.post("/logout");
console.log(`  GET / → ${JSON.stringify(await browser.page())}`);
await server.stop();

function title(text) {
  console.log(`\n${text}`);
}

function sessgen(...args) {
  const output = execFileSync(process.execPath, ["generator/bin/sessgen.js", ...args], { encoding: "utf8" });
  console.log(output.trimEnd().replace(/^/gm, "  "));
}

/** Starts the example in a process of its own and waits until it listens. */
async function serve(port = 0) {
  const child = spawn(process.execPath, ["--import", "tsx", "examples/express/src/server.ts"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill());
  const origin = await new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with code ${code}`)));
    child.stdout.on("data", (data) => {
      const match = /http:\/\/localhost:\d+/.exec(String(data));
      if (match) resolve(match[0]);
    });
  });
  child.removeAllListeners("exit");
  const stop = () =>
    new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGTERM");
    });
  return { port: Number(new URL(origin).port), stop };
}

/** A client with a cookie jar. */
async function open() {
  const [{ default: makeFetchCookie }, { CookieJar }] = await Promise.all([
    import("fetch-cookie"),
    import("tough-cookie"),
  ]);
  const jar = new CookieJar();
  let cookie = "";
  const remember = async (...args) => {
    const response = await fetch(...args);
    cookie = response.headers.getSetCookie().at(-1) ?? cookie;
    return response;
  };
  const request = makeFetchCookie(remember, jar);
  const url = (path) => `http://localhost:${server.port}${path}`;
  return {
    page: async (path = "/") => (await request(url(path))).json(),
    post: async (path, body = {}) => {
      const { token } = await (await request(url("/csrf"))).json();
      return request(url(path), {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": token },
        body: JSON.stringify(body),
      });
    },
    lastCookie: () => `Set-Cookie: ${cookie}`,
    id: () => /=([^;]*)/.exec(cookie)?.[1] ?? "",
  };
}

/** Reads the session as the store holds it, and says what it would take as JSON. */
async function showStored(id) {
  const { decodeRecord, encodeRecord, storeKey } = await import("@sessgen/runtime");
  const { openSqlite } = await import("@sessgen/runtime/sqlite-driver");
  const { tsImport } = await import("tsx/esm/api");
  const { application } = JSON.parse(readFileSync("sessgen.lock.json", "utf8"));
  const { fields } = await tsImport("../examples/express/src/session/fields.ts", import.meta.url);
  const database = await openSqlite(".data/sessions.db");
  const { payload } = database
    .prepare("SELECT payload FROM sessions WHERE id = ?")
    .get(storeKey(id, { application }));
  database.close();
  const record = decodeRecord(payload, fields, { now: Date.now() });
  const json = encodeRecord(record, fields, "json");
  console.log(
    `  ${payload.length} bytes: ${Buffer.from(payload)
      .toString("hex")
      .replace(/(.{96})/g, "$1\n             ")}`,
  );
  console.log(`  ${json.length} bytes as JSON: ${Buffer.from(json).toString()}`);
}
