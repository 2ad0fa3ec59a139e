// What 100 000 live sessions take in the memory store, what using them leaves behind, and what is
// left when they have ended.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { build, ensureInstalled } from "../scripts/ensure-installed.mjs";
import { login } from "./requests/visit.mjs";

const SESSIONS = 100_000;
const REQUESTS = 300_000;

ensureInstalled();
build();
const { memoryStore } = await import("@sessgen/runtime/stores/memory");
const { createSessions, lookup } = await import("@sessgen/runtime");
const { Session } = await import("../examples/express/dist/session/index.js");
const { fields, history } = await import("../examples/express/dist/session/fields.js");

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const heap = () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
};

let now = Date.now();
const sessions = createSessions({
  lookup,
  application: "n1QbZ4hUc7vYt2RkXe9Wsg",
  Session,
  fields,
  history,
  store: memoryStore({ maxEntries: SESSIONS, clock: () => now }),
  clock: () => now,
});
const show = (what, megabytes) => console.log(`  ${what.padEnd(40)} ${megabytes.toFixed(1).padStart(8)} MB`);

console.log(`\nNode ${process.version}, ${SESSIONS} sessions in the memory store: heap after a collection`);
const empty = heap();
show("before", empty);
const cookies = [];
for (let index = 0; index < SESSIONS; index += 1) {
  const session = await sessions.open(undefined);
  session.$assign(structuredClone(login));
  const [cookie] = await session.$commit();
  cookies.push(cookie.slice(0, cookie.indexOf(";")));
}
const full = heap();
show("with all of them", full);
console.log(
  `  ${"one session, its cookie included".padEnd(40)} ${(((full - empty) * 2 ** 20) / SESSIONS).toFixed(0).padStart(8)} bytes`,
);
for (let index = 0; index < REQUESTS; index += 1) {
  const session = await sessions.open(cookies[(index * 7919) % SESSIONS]);
  if (session.user === undefined) throw new Error("A session was lost");
  if (index % 3 === 0) session.visits += 1;
  await session.$commit();
}
show(`after ${REQUESTS} requests`, heap());
now += 13 * 60 * 60_000;
await sessions.sweep();
cookies.length = 0;
show("when all have ended", heap());
await sessions.close();
