// The packed format beside other encoders, on five sessions: bytes, and the processor time of
// encoding, of decoding all, and of opening a session and reading one field. `--check` exits with 1
// where a target is missed; `--node 20,26` says on which versions of Node.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, ensureInstalled } from "../scripts/ensure-installed.mjs";
import { installNode } from "../scripts/node-versions.mjs";
import { protobuf } from "./codec/schemas.mjs";
import { sessions } from "./codec/sessions.mjs";
import { installPeers } from "./peers.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: "boolean" },
    node: { type: "string", default: "20,26" },
    frameworks: { type: "string" },
  },
});
ensureInstalled();
build();
const modules = installPeers("codec", {
  msgpackr: "2",
  "cbor-x": "1",
  avsc: "5",
  "@bufbuild/buf": "1",
  "@bufbuild/protobuf": "2",
  "@bufbuild/protoc-gen-es": "2",
  devalue: "5",
});
const work = join(root, ".cache/bench-codec");
prepare();

const peers = [
  "JSON",
  "devalue",
  "msgpackr",
  "msgpackr, structures",
  "cbor-x",
  "avsc",
  "protobuf-es",
  "sessgen",
  // Of the bytes of sessgen: what could be had.
  "one function",
  "one function, no checks",
];
run(process.execPath, [join(root, "bench/codec/damage.mjs"), work]);
const missed = [];
for (const version of values.node.split(",")) {
  const node = installNode(version);
  if (node === undefined) throw new Error(`Node ${version} could not be installed`);
  missed.push(...print(Object.fromEntries(peers.map((peer) => [peer, measured(node, peer)]))));
}
rmSync(work, { recursive: true, force: true });
if (missed.length > 0) {
  console.log(`\nMissed:\n  ${missed.join("\n  ")}`);
  if (values.check) process.exitCode = 1;
}

/** What a peer took for each session, and JSON in the same process. */
function measured(node, peer) {
  const program = join(root, "bench/codec/measure.mjs");
  const shown = execFileSync(node, [program, modules, work, peer], { encoding: "utf8" });
  return JSON.parse(shown.trim().split("\n").at(-1));
}

/** Prints what one version of Node gave, by peer; the targets that were missed. */
function print(all) {
  const { version, results } = all.sessgen;
  const cells = (row) => row.map((cell) => String(cell).padStart(12)).join("");
  const of = (result, row, name) => (row === "bytes" ? result.bytes[name] : result.times[`${name} ${row}`]);
  const total = (row, peer, name = peer) =>
    all[peer].results.reduce((sum, result) => sum + of(result, row, name), 0);
  console.log(`\nNode ${version}`);
  const titles = {
    bytes: "Bytes",
    encode: "Encode, ns",
    decode: "Decode, ns",
    open: "Open and read one field, ns",
  };
  for (const [row, title] of Object.entries(titles)) {
    console.log(
      `\n${title.padEnd(30)}${cells([...results.map(({ session }) => session.slice(0, 11)), "all", "to JSON"])}`,
    );
    for (const name of peers) {
      if (of(all[name].results[0], row, name) === undefined) continue;
      const sum = total(row, name);
      const ratio = row === "bytes" ? sum / total(row, name, "JSON") : total(row, name, "JSON") / sum;
      const shown = all[name].results.map((result) => of(result, row, name).toFixed(0));
      console.log(`  ${name.padEnd(28)}${cells([...shown, sum.toFixed(0), ratio.toFixed(2)])}`);
    }
  }
  const faster = (row) => total(row, "sessgen", "JSON") / total(row, "sessgen");
  const targets = [
    ["fewer bytes than avsc", total("bytes", "sessgen") / total("bytes", "avsc"), 1, "below"],
    ["bytes to JSON", total("bytes", "sessgen") / total("bytes", "JSON"), 0.4, "at most"],
    ["encoding to JSON", faster("encode"), 2.5, "at least"],
    ["decoding to JSON", faster("decode"), 3.5, "at least"],
    ["opening and reading one field to JSON", faster("open"), 8, "at least"],
  ];
  const holds = {
    below: (is, want) => is < want,
    "at most": (is, want) => is <= want,
    "at least": (is, want) => is >= want,
  };
  return targets
    .filter(([, is, want, how]) => !holds[how](is, want))
    .map(([what, is, want, how]) => `${version}, ${what}: ${is.toFixed(2)}, wanted ${how} ${want}`);
}

/** The sessions' modules, as a user would have them, generated and compiled; and protobuf's. */
function prepare() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  write("package.json", '{ "name": "bench", "type": "module" }\n');
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    strict: true,
    types: ["node"],
    outDir: "dist",
    rootDir: "src",
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["src"] }));
  for (const [index, { schema }] of sessions.entries()) {
    write(
      `${index}.config.ts`,
      `import { defineConfig } from "sessgen";
import { z } from "zod";

export default defineConfig({
  name: "session${index}",
  schema: ${schema},
  backend: { kind: "memory" },
  output: "src/${index}/session",
});
`,
    );
    run(process.execPath, [
      join(root, "generator/bin/sessgen.js"),
      "--new-application",
      "--config",
      `${index}.config.ts`,
    ]);
  }
  run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."]);
  const messages = sessions.map(({ name }) => protobuf[name].text);
  // An enum's members are the package's: one message and its enums to a file would be five files.
  write("sessions.proto", `syntax = "proto3";\npackage bench;\n${messages.join("\n")}\n`);
  const plugin = join(modules, ".bin/protoc-gen-es");
  write(
    "buf.gen.yaml",
    `version: v2\nplugins:\n  - local: ${JSON.stringify(plugin)}\n    out: protobuf\n    opt: target=js\n`,
  );
  run(join(modules, ".bin/buf"), ["generate", "sessions.proto"]);
  write("protobuf/package.json", '{ "type": "module" }\n');
  mkdirSync(join(work, "protobuf/node_modules"));
  symlinkSync(join(modules, "@bufbuild"), join(work, "protobuf/node_modules/@bufbuild"));
}

function write(name, content) {
  mkdirSync(join(work, name, ".."), { recursive: true });
  writeFileSync(join(work, name), content);
}

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: work, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`);
}
