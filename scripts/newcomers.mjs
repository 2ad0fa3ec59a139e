// `npm run newcomers -- next nest-jest`: does in an empty folder what these pages of docs/newcomers
// say and nothing else, with sessgen and its runtime packed as they would be published; prints how
// long it took, and how many commands, until a user was logged in and until a page for users was
// tested. Without a name: all of them.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { postgres } from "../services/postgres.ts";
import { redis } from "../services/redis.ts";
import { startService } from "../services/start.ts";
import { follow, freePort } from "./guide.mjs";
import { pack, userEnvironment } from "./packed.mjs";
import { startRegistry } from "./registry.mjs";

const pages = fileURLToPath(new URL("../docs/newcomers", import.meta.url));
const all = readdirSync(pages).map((name) => name.replace(/\.md$/, ""));
const names = process.argv.length > 2 ? process.argv.slice(2) : all;

/** What a page expects to run, by the variable that has its address. */
const servers = { REDIS_URL: redis, DATABASE_URL: postgres };

const packed = mkdtempSync(join(tmpdir(), "sessgen-packed-"));
const registry = await startRegistry(pack(packed));
const running = new Map();
for (const name of Object.keys(process.env)) if (!(name in userEnvironment())) delete process.env[name];

console.log(`${"".padEnd(26)} first login      first test of a page for users`);
for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), `sessgen-${name}-`));
  // What a starter is called after its folder is a package's name, without capitals.
  const shop = join(folder, "shop");
  mkdirSync(shop);
  try {
    const page = join(pages, `${name}.md`);
    const env = {
      ...registry.env,
      NEXT_TELEMETRY_DISABLED: "1",
      ...(await needed(readFileSync(page, "utf8"))),
    };
    const { login, tested, end } = await follow(page, shop, { port: await freePort(), env });
    await end();
    console.log(`${name.padEnd(26)} ${told(login).padEnd(16)} ${told(tested)}`);
  } catch (error) {
    console.error(`${name.padEnd(26)} failed: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
for (const { stop } of running.values()) await stop();
await registry.end();
rmSync(packed, { recursive: true, force: true });

/** Starts what the page takes for granted: servers, and pnpm where it is not there. */
async function needed(text) {
  const env = {};
  for (const [variable, recipe] of Object.entries(servers)) {
    if (!text.includes(variable)) continue;
    if (!running.has(variable)) running.set(variable, await startService(recipe));
    env[variable] = running.get(variable).url;
  }
  if (text.includes("\npnpm ")) env.PATH = `${pnpm()}${delimiter}${process.env.PATH}`;
  return env;
}

function pnpm() {
  const home = join(packed, "pnpm");
  const programs = join(home, "node_modules/.bin");
  execFileSync("npm", ["install", "--no-audit", "--no-fund", `--prefix=${home}`, "pnpm"], { stdio: "pipe" });
  return programs;
}

/** `1:05, 7 commands`. */
function told(reached) {
  if (reached === undefined) return "not on the page";
  const { seconds, commands } = reached;
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return `${minutes}:${String(rest).padStart(2, "0")}, ${commands} commands`;
}
