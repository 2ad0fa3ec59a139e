// Emits the session modules of the examples: `npm run examples`, and part of the build. Those are
// not committed; the locks and the migrations are. Express's is emitted by the configuration at the
// top, and committed for everybody to see what comes out.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
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
    const said = [];
    const run = spawn(process.execPath, [join(root, "generator/bin/sessgen.js")], { cwd: folder });
    for (const stream of [run.stdout, run.stderr]) stream.on("data", (data) => said.push(data));
    const code = await new Promise((resolve) => run.on("close", resolve));
    if (code === 0) continue;
    process.stderr.write(`${folder}\n${Buffer.concat(said)}`);
    process.exitCode = 1;
  }
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
