// What a run of sessgen costs, as whole processes, side by side with drizzle-kit and
// openapi-typescript on a schema of the same fields. Times on a busy machine mean little; the
// ratios of one run do.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, ensureInstalled } from "../scripts/ensure-installed.mjs";
import { installPeers } from "./peers.mjs";
import { median as middle } from "./statistics.mjs";

const ROUNDS = 5;
const root = fileURLToPath(new URL("..", import.meta.url));
const sessgen = join(root, "generator/bin/sessgen.js");
ensureInstalled();
build();

const peers = installPeers("generate", {
  "drizzle-kit": "0.31",
  "drizzle-orm": "0.44",
  "openapi-typescript": "7",
  typescript: "5.9",
});
const work = join(root, ".cache/bench");
rmSync(work, { recursive: true, force: true });

const small = makeProject("small", 20);
const large = makeProject("large", 500);
const medium = makeProject("medium", 250);
const drizzle = makeDrizzle(20);
const openapi = makeOpenapi(20);

const node = process.execPath;
for (const project of [small, medium, large]) run(node, [sessgen, "--new-application"], project);
const runs = {
  "node -e 0": () => run(node, ["-e", "0"], small),
  "sessgen, nothing to do": () => run(node, [sessgen], small),
  "drizzle-kit generate, nothing to do": () =>
    run(node, [join(peers, "drizzle-kit/bin.cjs"), "generate"], drizzle),
  "sessgen --no-cache, full": () => run(node, [sessgen, "--no-cache"], small),
  "openapi-typescript, full": () =>
    run(node, [join(peers, "openapi-typescript/bin/cli.js"), "spec.json", "-o", "out.ts"], openapi),
  "sessgen --no-cache, 250 fields": () => run(node, [sessgen, "--no-cache"], medium),
  "sessgen --no-cache, 500 fields": () => run(node, [sessgen, "--no-cache"], large),
};

// One after the other, round after round: a slow moment of the machine hits all of them alike.
const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
for (const go of Object.values(runs)) go();
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, go] of Object.entries(runs)) times[name].push(go());
const median = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, middle(values)]));

console.log(`\nNode ${process.version}, median of ${ROUNDS} whole processes`);
for (const [name, value] of Object.entries(median))
  console.log(`  ${name.padEnd(40)} ${value.toFixed(0).padStart(6)} ms`);
const ratio = (a, b) => (median[a] / median[b]).toFixed(2);
console.log("\nRatios");
console.log(
  `  nothing to do, to drizzle-kit            ${ratio("sessgen, nothing to do", "drizzle-kit generate, nothing to do")}`,
);
console.log(`  nothing to do, to Node itself            ${ratio("sessgen, nothing to do", "node -e 0")}`);
console.log(
  `  full run, to openapi-typescript          ${ratio("sessgen --no-cache, full", "openapi-typescript, full")}`,
);
const fixed = median["sessgen --no-cache, full"];
const growth =
  (median["sessgen --no-cache, 500 fields"] - fixed) / (median["sessgen --no-cache, 250 fields"] - fixed);
console.log(
  `  500 fields to 250, less what 20 cost     ${growth.toFixed(2)} (linear: ${(480 / 230).toFixed(2)})`,
);
rmSync(work, { recursive: true, force: true });

function run(program, args, cwd) {
  const begin = performance.now();
  const { status, stderr } = spawnSync(program, args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  const took = performance.now() - begin;
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stderr}`);
  return took;
}

function write(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function makeProject(name, count) {
  const kinds = [
    "z.string().max(80)",
    "z.int()",
    "z.boolean()",
    "z.object({ id: z.uuid(), tags: z.array(z.string()) })",
  ];
  const fields = Array.from(
    { length: count },
    (_, index) => `f${index}: ${kinds[index % kinds.length]}.optional(),`,
  );
  return write(join(work, name), {
    "package.json": '{ "name": "bench", "type": "module" }\n',
    "session.config.ts": `import { defineConfig } from "sessgen";\nimport { z } from "zod";\nexport default defineConfig({ schema: z.object({ ${fields.join("\n")} }), backend: { kind: "sqlite", file: "s.db" } });\n`,
  });
}

function makeDrizzle(count) {
  const columns = Array.from({ length: count }, (_, index) => `f${index}: text("f${index}"),`);
  const orm = join(peers, "drizzle-orm/sqlite-core");
  return write(join(work, "drizzle"), {
    "package.json": '{ "name": "bench", "type": "module" }\n',
    "drizzle.config.ts": 'export default { dialect: "sqlite", schema: "./schema.ts", out: "./out" };\n',
    "schema.ts": `import { sqliteTable, text } from "${orm}/index.js";\nexport const sessions = sqliteTable("sessions", { ${columns.join("\n")} });\n`,
  });
}

function makeOpenapi(count) {
  const kinds = [
    { type: "string", maxLength: 80 },
    { type: "integer" },
    { type: "boolean" },
    {
      type: "object",
      properties: {
        id: { type: "string", format: "uuid" },
        tags: { type: "array", items: { type: "string" } },
      },
    },
  ];
  const properties = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`f${index}`, kinds[index % kinds.length]]),
  );
  const spec = {
    openapi: "3.1.0",
    info: { title: "bench", version: "1" },
    paths: {},
    components: { schemas: { Session: { type: "object", properties } } },
  };
  return write(join(work, "openapi"), { "spec.json": JSON.stringify(spec) });
}
