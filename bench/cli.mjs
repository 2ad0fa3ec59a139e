// `npm run bench`: everything; `npm run bench -- requests`: one of them.
const benches = {
  generate: () => import("./generate.mjs"),
  requests: () => import("./requests.mjs"),
  memory: () => import("./memory.mjs"),
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches);
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(", ")}. There are ${Object.keys(benches).join(", ")}.`);
  process.exitCode = 2;
} else {
  for (const name of names) await benches[name]();
}
