// Emits the session modules of the examples: `npm run examples`, and part of the build. Those are
// not committed; the locks and the migrations are. Express's is emitted by the configuration at the
// top, and committed for everybody to see what comes out.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const waiting = readdirSync(join(root, "examples"))
  .map((name) => join(root, "examples", name))
  .filter((folder) => existsSync(join(folder, "session.config.ts")));

/** Runs sessgen in one folder after the other; says what it says only where it fails. */
async function work() {
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const { types } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).scripts ?? {};
    // What the framework itself emits for the compiler.
    if (types !== undefined && !(await run(folder, "npm", ["run", "--silent", "types"]))) continue;
    await run(folder, process.execPath, [join(root, "generator/bin/sessgen.js")]);
  }
}

async function run(folder, program, args) {
  const said = [];
  const child = spawn(program, args, { cwd: folder });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => said.push(data));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code === 0) return true;
  process.stderr.write(`${folder}\n${Buffer.concat(said)}`);
  process.exitCode = 1;
  return false;
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
