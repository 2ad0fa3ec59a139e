// `node measure.mjs MODULES WORK PEER`: measures one peer, and JSON beside it, in this process, and
// prints what it found as JSON. Peers in one process would pay for each other's garbage.
import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { median } from "../statistics.mjs";
import { oneFunction } from "./one-function.mjs";
import { ourselves } from "./ours.mjs";
import { peersOf } from "./peers.mjs";
import { sessions } from "./sessions.mjs";

const ROUNDS = 25;
/** Of processor time, in microseconds, for each case in each round. */
const SLICE = 3000;

/** Looked at when all is done: or the work could be left out. */
let kept;

const [modules, work, measured] = process.argv.slice(2);
const results = [];
for (const [index, session] of sessions.entries()) {
  const peers = await peersOf(session, modules, join(work, "protobuf", "sessions_pb.js"));
  peers.sessgen = await ourselves(session, join(work, `dist/${index}/session`));
  Object.assign(peers, inOneFunction(session, peers.sessgen));
  const cases = {};
  const bytes = {};
  for (const name of new Set(["JSON", measured])) {
    const peer = peers[name];
    // A copy, as a driver hands it out: not the buffer that the encoder goes on writing into.
    const given = peer.encode();
    const encoded = typeof given === "string" ? given : Buffer.from(given);
    const decoded = peer.decode(encoded);
    if (name !== "protobuf-es") check(name, session, peer.object?.(decoded) ?? decoded);
    cases[`${name} decode`] = () => peer.decode(encoded);
    if (peer.decodesOnly) continue;
    bytes[name] = Buffer.byteLength(encoded);
    cases[`${name} encode`] = () => peer.encode();
    cases[`${name} open`] = peer.open ? () => peer.open(encoded) : () => peer.decode(encoded)[session.field];
  }
  results.push({ session: session.name, bytes, times: timesOf(cases) });
}
if (kept === undefined) throw new Error("Nothing was measured");
console.log(JSON.stringify({ version: process.version, results }));

/** What could be had of the same bytes. */
function inOneFunction(session, { encode, decode, object }) {
  const encoded = Buffer.from(encode());
  const checked = oneFunction(session, encoded, (bytes) => object(decode(bytes)));
  const peer = (decodeAll) => ({ encode, decode: decodeAll, decodesOnly: true });
  return { "one function": peer(checked), "one function, no checks": peer(oneFunction(session, encoded)) };
}

/** Whoever is measured gives back what was put in. Absent is null in Avro. */
function check(name, { value }, decoded) {
  const { schema: _, createdAt: __, permanent: ___, ...fields } = decoded;
  const got = JSON.parse(JSON.stringify(fields, (_key, one) => one ?? undefined));
  const want = JSON.parse(JSON.stringify(value, (_key, one) => one ?? undefined));
  deepStrictEqual(got, want, name);
}

/**
 * Nanoseconds of processor time each takes; one after the other, round after round, so that a slow
 * moment hits all alike.
 */
function timesOf(cases) {
  const counts = {};
  const times = {};
  for (const [name, run] of Object.entries(cases)) {
    let count = 2000;
    for (let spent = 0; spent < SLICE; count *= 2) spent = used(run, count);
    counts[name] = count;
    times[name] = [];
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(cases)) {
      times[name].push((used(run, counts[name]) / counts[name]) * 1000);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

function used(run, count) {
  const before = process.cpuUsage();
  for (let left = count; left > 0; left -= 1) kept = run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
