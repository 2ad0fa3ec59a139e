// `npm run bench`: everything; `npm run bench -- requests`: one of them;
// `--frameworks node:http,Express`: these alone; `-- codec --check`: fails where a target is
// missed.
import { parseArgs } from "node:util";

const benches = {
  generate: () => import("./generate.mjs"),
  requests: () => import("./requests.mjs"),
  memory: () => import("./memory.mjs"),
  codec: () => import("./codec.mjs"),
  scale: () => import("./scale.mjs"),
  postgres: () => import("./postgres.mjs"),
  locks: () => import("./locks.mjs"),
};

const { positionals } = parseArgs({
  allowPositionals: true,
  // Each bench takes its own.
  options: {
    frameworks: { type: "string" },
    check: { type: "boolean" },
    node: { type: "string" },
    sessions: { type: "string" },
    stores: { type: "string" },
    budget: { type: "string" },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(", ")}. There are ${Object.keys(benches).join(", ")}.`);
  process.exitCode = 2;
} else {
  for (const name of names) await benches[name]();
}
