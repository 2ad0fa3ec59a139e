// `node bench/codec/floor.mjs`: what the session "login" costs by hand, with the bytes that sessgen
// has for it, and nothing else: no envelope that varies, no check, no slot that nobody knows, one
// function. What it takes is what V8 takes for the texts, the bytes and the objects themselves.
import { deepStrictEqual } from "node:assert/strict";
import { sessions } from "./sessions.mjs";

const { latin1Slice, base64urlSlice, base64urlWrite } = Buffer.prototype;
const [{ value }] = sessions;
const head = Buffer.from("97c40f656a02f5a301012b0c7f8c", "hex");
const roles = ["member", "editor", "admin"];
const themes = ["light", "dark", "system"];
const hex = "0123456789abcdef";
const digits = new Uint8Array(128);
for (let digit = 0; digit < 16; digit += 1) digits[hex.charCodeAt(digit)] = digit;
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const high = Array.from({ length: 256 }, (_, byte) => hex.charCodeAt(byte >> 4));
const low = Array.from({ length: 256 }, (_, byte) => hex.charCodeAt(byte & 15));

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

function uuid(bytes, from) {
  const h = (index) => high[bytes[from + index]];
  const l = (index) => low[bytes[from + index]];
  return (
    String.fromCharCode(h(0), l(0), h(1), l(1), h(2), l(2), h(3), l(3), 45, h(4), l(4), h(5), l(5), 45) +
    String.fromCharCode(h(6), l(6), h(7), l(7), 45, h(8), l(8), h(9), l(9), 45, h(10), l(10), h(11), l(11)) +
    String.fromCharCode(h(12), l(12), h(13), l(13), h(14), l(14), h(15), l(15))
  );
}

function decodeUser(bytes, from, chars) {
  let place = from + 3;
  const id = uuid(bytes, place);
  place += 16;
  let end = place + 1 + (bytes[place] & 31);
  const name = chars.slice(place + 1, end);
  place = end;
  end = place + 1 + (bytes[place] & 31);
  const email = chars.slice(place + 1, end);
  place = end + 1;
  const list = [];
  for (let left = bytes[end] & 15; left > 0; left -= 1) list.push(roles[bytes[place++]]);
  return [{ id, name, email, roles: list }, place];
}

function decode(bytes) {
  const chars = latin1Slice.call(bytes, 0, bytes.length);
  const [user, from] = decodeUser(bytes, head.length, chars);
  const csrf = base64urlSlice.call(bytes, from + 2, from + 34);
  let place = from + 37;
  const most = (bytes[place] << 8) | bytes[place + 1];
  const least =
    bytes[place + 2] * 2 ** 24 + ((bytes[place + 3] << 16) | (bytes[place + 4] << 8) | bytes[place + 5]);
  place += 6;
  return {
    user,
    csrf,
    signedInAt: new Date(most * 2 ** 32 + least),
    visits: bytes[place],
    theme: themes[bytes[place + 1]],
    locale: chars.slice(place + 3, place + 3 + (bytes[place + 2] & 31)),
  };
}

const encoded = Buffer.from(encode(value));
deepStrictEqual(decode(encoded), value);
const json = JSON.stringify(value);
const cases = {
  "JSON, encode": () => JSON.stringify(value),
  "by hand, encode": () => encode(value),
  "JSON, decode": () => {
    const read = JSON.parse(json);
    read.signedInAt = new Date(read.signedInAt);
    return read;
  },
  "by hand, decode": () => decode(encoded),
  "by hand, read the user": () => decodeUser(encoded, head.length, latin1Slice.call(encoded, 0, 60))[0],
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
