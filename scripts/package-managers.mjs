// `npm run package-managers -- pnpm yarn-pnp`: installs the packages, as they would be published,
// in an empty project with each of these package managers, and goes from `sessgen init` to a
// session that is stored and found again, in types that a compiler has checked. Without a name: all
// of them. `--cache FOLDER` keeps what the package managers themselves are installed in.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pack, userEnvironment } from "./packed.mjs";
import { startRegistry } from "./registry.mjs";

/** What an application has beside the packages: a driver, and what it is compiled and run with. */
const others = { libsql: "0", zod: "4", tsx: "4", typescript: "5.9", "@types/node": "20" };

/**
 * `from`: the npm package that the manager itself comes in; `install`, `exec`: its words; `files`:
 * what it is told.
 */
const managers = {
  npm: { install: ["npm", "install", "--no-audit", "--no-fund"], exec: ["npx", "--no"] },
  pnpm: {
    from: "pnpm",
    install: ["pnpm", "install"],
    exec: ["pnpm", "exec"],
    // That no install script runs is pnpm's default, and none is needed.
    files: { "pnpm-workspace.yaml": "strictDepBuilds: false\n" },
  },
  "yarn-classic": {
    from: "yarn@1",
    // It gives up a download that waits for half a minute, as some do on a machine with much to do.
    install: ["yarn", "install", "--non-interactive", "--network-timeout", "600000"],
    exec: ["yarn", "--silent", "run"],
  },
  "yarn-node-modules": yarn("node-modules"),
  "yarn-pnp": yarn("pnp"),
  bun: { from: "bun", install: ["bun", "install"], exec: ["bun", "run", "--silent"] },
};

function yarn(linker) {
  return {
    from: "@yarnpkg/cli-dist",
    install: ["yarn", "install"],
    exec: ["yarn", "run"],
    files: {
      ".yarnrc.yml": `nodeLinker: ${linker}\nenableTelemetry: false\nenableImmutableInstalls: false\n`,
      "yarn.lock": "",
    },
  };
}

const { values: flags, positionals } = parseArgs({
  options: { cache: { type: "string" } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(managers);
const unknown = names.find((name) => !Object.hasOwn(managers, name));
if (unknown !== undefined) {
  console.error(`There is no ${unknown}; there are ${Object.keys(managers).join(", ")}`);
  process.exit(2);
}

const packed = mkdtempSync(join(tmpdir(), "sessgen-packed-"));
const cache = resolve(flags.cache ?? join(packed, "managers"));
const registry = await startRegistry(pack(packed));
const environment = { ...userEnvironment(), ...registry.env };

for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), `sessgen-${name}-`));
  const began = performance.now();
  try {
    await tour(managers[name], folder);
    console.log(`${name.padEnd(18)} ${((performance.now() - began) / 1000).toFixed(0)} s`);
  } catch (error) {
    console.error(`${name.padEnd(18)} failed: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
await registry.end();
rmSync(packed, { recursive: true, force: true });

async function tour({ from, install, exec, files = {} }, folder) {
  const path = from === undefined ? process.env.PATH : `${await installed(from)}:${process.env.PATH}`;
  const run = (words, more = {}) => runIn(folder, words, { ...environment, PATH: path, ...more });
  const manifest = {
    name: "user",
    private: true,
    type: "module",
    dependencies: { "@sessgen/runtime": "*", sessgen: "*", ...others },
  };
  write(folder, { "package.json": JSON.stringify(manifest, null, 2), ...files });
  await run(install);
  await run([...exec, "sessgen", "init", "--yes"]);
  await run([...exec, "sessgen", "generate", "--new-application"]);
  await run([...exec, "sessgen", "check"]);
  await run([...exec, "sessgen", "migrate"]);
  write(folder, {
    "tsconfig.json": JSON.stringify({
      compilerOptions: { module: "nodenext", target: "es2022", strict: true, noEmit: true, types: ["node"] },
    }),
    "src/use.ts": `import { sessions } from "./session/index.js";
const first = await sessions.open(undefined);
first.visits += 1;
const [cookie] = await first.$commit();
const again = await sessions.open(String(cookie).split(";")[0]);
console.log(again.visits, again.$isNew);
await sessions.close();
`,
  });
  await run([...exec, "tsc"]);
  const said = (await run([...exec, "tsx", "src/use.ts"])).trim();
  if (said !== "1 false") throw new Error(`the session was not found again: ${said}`);
}

/** Installs a package manager beside the projects; gives the folder of its programs. */
async function installed(from) {
  const home = join(cache, from.replaceAll(/\W+/g, "-"));
  const programs = join(home, "node_modules/.bin");
  if (!existsSync(programs)) {
    mkdirSync(home, { recursive: true });
    write(home, { "package.json": "{}" });
    await runIn(home, ["npm", "install", "--no-audit", "--no-fund", from], userEnvironment());
  }
  return programs;
}

/** Gives what a program printed. */
function runIn(cwd, [program, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let all = "";
    child.stdout.on("data", (data) => (out += data));
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (all += data));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${[program, ...args].join(" ")} ended with ${code}:\n${all}`));
    });
  });
}

function write(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
