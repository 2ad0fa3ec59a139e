// `npm run first-login -- fastify koa`: does in an empty folder what the guides of these frameworks
// say, with sessgen and its runtime packed as they would be published; says how long it took until
// a user was logged in. Without a name: all of them.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { follow, freePort } from "./guide.mjs";
import { withNodeFor } from "./node-versions.mjs";
import { pack, userEnvironment } from "./packed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const guides = readdirSync(join(root, "docs/frameworks")).map((name) => name.replace(/\.md$/, ""));
const names = process.argv.length > 2 ? process.argv.slice(2) : guides;

const packed = mkdtempSync(join(tmpdir(), "sessgen-packed-"));
const tarballs = pack(packed);
for (const name of Object.keys(process.env)) if (!(name in userEnvironment())) delete process.env[name];

for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), `sessgen-${name}-`));
  const run = (line, shell) => {
    if (!line.startsWith("npm install")) return shell(line);
    const words = line.split(" ").map((word) => tarballs[word] ?? word);
    return shell([...words, "--no-audit", "--no-fund"].join(" "));
  };
  try {
    const page = join(root, "docs/frameworks", `${name}.md`);
    const { login, end } = await follow(page, folder, {
      run,
      port: await freePort(),
      env: withNodeFor(name),
    });
    await end();
    const seconds = Math.round(login.seconds);
    console.log(`${name.padEnd(14)} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  } catch (error) {
    console.error(`${name.padEnd(14)} failed: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
rmSync(packed, { recursive: true, force: true });
