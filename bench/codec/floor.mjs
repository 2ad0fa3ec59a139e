// `node bench/codec/floor.mjs`: what it costs to encode the session "login" by hand, with the bytes
// that sessgen has for it, and nothing else: no envelope that varies, no check, no slot that nobody
// knows, one function. one-function.mjs has the same of decoding, for all five.
import { deepStrictEqual } from "node:assert/strict";
import { oneFunction } from "./one-function.mjs";
import { sessions } from "./sessions.mjs";

const { base64urlWrite } = Buffer.prototype;
const [{ value }] = sessions;
const head = Buffer.from("97c40b656a02f5b301117493bdd7", "hex");
const roles = ["member", "editor", "admin"];
const themes = ["light", "dark", "system"];
const hex = "0123456789abcdef";
const digits = new Uint8Array(128);
for (let digit = 0; digit < 16; digit += 1) digits[hex.charCodeAt(digit)] = digit;
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

let buffer = new Uint8Array(32_768);
let at = 0;

function text(value) {
  const { length } = value;
  buffer[at++] = 0xa0 | length;
  for (let index = 0; index < length; index += 1) buffer[at++] = value.charCodeAt(index);
}

function encode({ user, csrf, signedInAt, visits, theme, locale }) {
  if (at > 32_000) {
    buffer = new Uint8Array(32_768);
    at = 0;
  }
  const start = at;
  for (let index = 0; index < head.length; index += 1) buffer[at++] = head[index];
  buffer[at++] = 0x94;
  buffer[at++] = 0xc4;
  buffer[at++] = 16;
  for (let index = 0; index < 16; index += 1) {
    const place = places[index];
    buffer[at++] = (digits[user.id.charCodeAt(place)] << 4) | digits[user.id.charCodeAt(place + 1)];
  }
  text(user.name);
  text(user.email);
  buffer[at++] = 0x90 | user.roles.length;
  for (let index = 0; index < user.roles.length; index += 1) buffer[at++] = roles.indexOf(user.roles[index]);
  buffer[at++] = 0xc4;
  buffer[at++] = 32;
  base64urlWrite.call(buffer, csrf, at, 32);
  at += 32;
  const time = signedInAt.getTime();
  buffer[at++] = 0xcf;
  let most = Math.floor(time / 2 ** 32);
  buffer[at++] = 0;
  buffer[at++] = 0;
  buffer[at++] = most >> 8;
  buffer[at++] = most;
  most = time >>> 0;
  buffer[at++] = most >> 24;
  buffer[at++] = most >> 16;
  buffer[at++] = most >> 8;
  buffer[at++] = most;
  buffer[at++] = visits;
  buffer[at++] = themes.indexOf(theme);
  text(locale);
  return buffer.subarray(start, at);
}

const encoded = Buffer.from(encode(value));
const { createdAt: _, permanent: __, ...decoded } = oneFunction(sessions[0], encoded)(encoded);
deepStrictEqual(decoded, value);
const cases = {
  "JSON, encode": () => JSON.stringify(value),
  "by hand, encode": () => encode(value),
};
let kept;
const least = {};
for (let round = 0; round < 150; round += 1) {
  for (const [name, run] of Object.entries(cases)) {
    const before = process.hrtime.bigint();
    for (let left = 5000; left > 0; left -= 1) kept = run();
    const each = Number(process.hrtime.bigint() - before) / 5000;
    least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, each);
  }
}
if (kept === undefined) throw new Error("Nothing was measured");
console.log(`Node ${process.version}, ${encoded.length} bytes, nanoseconds at the least`);
for (const [name, time] of Object.entries(least)) console.log(`${name.padEnd(24)}${time.toFixed(0)}`);
