// What can be had at all: one function for each session, in a straight line, that decodes all of it
// at once and knows which form each value has. Nothing is found before it is read, and no field can
// be read alone. With checks it hands what it does not expect (another head, slots that nobody
// knows, text that is no ASCII, damage) to the readers that there are; without, it believes all.
const { latin1Slice, base64urlSlice } = Buffer.prototype;

const digit = (value) => value.toString(16).charCodeAt(0);
const tools = {
  latin1: latin1Slice,
  base64url: base64urlSlice,
  high: Uint8Array.from({ length: 256 }, (_, byte) => digit(byte >> 4)),
  low: Uint8Array.from({ length: 256 }, (_, byte) => digit(byte & 15)),
  factors: [1, 10, 100, 1e3, 1e4, 1e5, 1e6],
  uint32: (bytes, at) => bytes[at] * 2 ** 24 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]),
};
const half = (groups) =>
  groups
    .flatMap(([from, to]) => [
      ...Array.from({ length: to - from }, (_, index) => {
        const byte = `bytes[at + ${from + index}]`;
        return `high[${byte}], low[${byte}]`;
      }),
      ...(to === 16 ? [] : ["45"]),
    ])
    .join(", ");
const uuidText = `function uuidText(bytes, at) {
  return firstHalf(bytes, at) + secondHalf(bytes, at);
}
function firstHalf(bytes, at) {
  return String.fromCharCode(${half([
    [0, 4],
    [4, 6],
    [6, 8],
  ])});
}
function secondHalf(bytes, at) {
  return String.fromCharCode(${half([
    [8, 10],
    [10, 16],
  ])});
}`;

/**
 * Each gives what reads one value into a new variable; `must` is left out where nothing is checked.
 */
const text = (to, must) => `
${must("(bytes[at] & 0xe0) === 0xa0")}
start = at + 1;
at = start + (bytes[at] & 31);
${must.ascii("start", "at")}
const ${to} = chars.slice(start, at);`;
const uuid = (to, must) => `
${must("bytes[at] === 0xc4 && bytes[at + 1] === 16 && at + 18 <= end")}
const ${to} = uuidText(bytes, at + 2);
at += 18;`;
const token = (to, must) => `
${must("bytes[at] === 0xc4 && bytes[at + 1] !== 16")}
start = at + 2;
at = start + bytes[at + 1];
${must("at <= end")}
const ${to} = base64url.call(bytes, start, at);`;
const signed = (to, must) => `
${must("bytes[at] === 0x93")}
at += 1;
${["header", "claims", "signature"].map((part) => token(`${to}_${part}`, must)).join("")}
const ${to} = ${to}_header + "." + ${to}_claims + "." + ${to}_signature;`;
const date = (to, must) => `
let ${to};
if (bytes[at] === 0xcf) {
  const time = uint32(bytes, at + 1) * 2 ** 32 + uint32(bytes, at + 5);
  ${must("time <= 8.64e15")}
  ${to} = new Date(time);
  at += 9;
} else {
  ${must("bytes[at] === 0xd6 && bytes[at + 1] === 0xff && at + 6 <= end")}
  ${to} = new Date(uint32(bytes, at + 2) * 1000);
  at += 6;
}`;
const longer = (to) => `
else if (${to} === 0xcd) {
  ${to} = (bytes[at + 1] << 8) | bytes[at + 2];
  at += 3;
} else if (${to} === 0xcc) {
  ${to} = bytes[at + 1];
  at += 2;
} else if (${to} === 0xce) {
  ${to} = uint32(bytes, at + 1);
  at += 5;
} else if (${to} === 0xd0) {
  ${to} = (bytes[at + 1] << 24) >> 24;
  at += 2;
} else return other(bytes);`;
const int = (to) => `
let ${to} = bytes[at];
if (${to} < 0x80) at += 1;${longer(to)}`;
const number = (to, must) => `
let ${to} = bytes[at];
if (${to} < 0x80) at += 1;
else {
  let scale = 0;
  if (${to} === 0x92) {
    scale = bytes[at + 1];
    ${must("scale > 0 && scale < 7")}
    at += 2;
    ${to} = bytes[at];
  }
  if (${to} < 0x80) at += 1;${longer(to)}
  if (scale > 0) ${to} /= factors[scale];
}`;
const boolean = (to, must) => `
${must("(bytes[at] & 0xfe) === 0xc2")}
const ${to} = bytes[at++] === 0xc3;`;
const nullable = (inner) => (to, must) =>
  `
let ${to} = null;
if (bytes[at] === 0xc0) at += 1;
else {${inner(`${to}_is`, must)}
${to} = ${to}_is;
}`;
const member =
  (...members) =>
  (to, must) =>
    `
const ${to} = ${JSON.stringify(members)}[bytes[at++]];
${must(`${to} !== undefined`)}`;
const literal = (value) => (to, must) =>
  `
${must([0xa0 + value.length, ...Buffer.from(value)].map((byte, index) => `bytes[at + ${index}] === ${byte}`).join(" && "))}
at += ${value.length + 1};
const ${to} = ${JSON.stringify(value)};`;
const list = (item) => (to, must) =>
  `
${must("(bytes[at] & 0xf0) === 0x90 && (bytes[at] & 15) < end - at")}
const ${to} = new Array(bytes[at++] & 15);
for (let index = 0; index < ${to}.length; index += 1) {${item(`${to}_item`, must)}
${to}[index] = ${to}_item;
}`;
const record = (item) => (to, must) =>
  `
${must("(bytes[at] & 0xf0) === 0x80 && (bytes[at] & 15) < end - at")}
const ${to} = {};
for (let left = bytes[at++] & 15; left > 0; left -= 1) {${text(`${to}_key`, must)}
${must(`${to}_key !== "__proto__"`)}${item(`${to}_item`, must)}
${to}[${to}_key] = ${to}_item;
}`;
/** With all of these members, and no others: what differs is left to the readers that there are. */
const object = (members) => (to, must) => {
  const entries = Object.entries(members);
  return `
${must(`bytes[at] === ${0x90 + entries.length}`)}
at += 1;${entries.map(([name, read]) => read(`${to}_${name}`, must)).join("")}
const ${to} = { ${entries.map(([name]) => `${name}: ${to}_${name}`).join(", ")} };`;
};

/** The fields that the sessions have of those in their schemas. */
const shapes = {
  login: {
    user: object({ id: uuid, name: text, email: text, roles: list(member("member", "editor", "admin")) }),
    csrf: token,
    signedInAt: date,
    visits: int,
    theme: member("light", "dark", "system"),
    locale: text,
  },
  cart: {
    customer: uuid,
    currency: member("EUR", "GBP", "USD"),
    items: list(object({ sku: text, title: text, quantity: int, price: number, gift: boolean })),
    coupon: text,
    shipping: object({ method: member("standard", "express", "pickup"), country: text, zip: text }),
    updatedAt: date,
  },
  "OAuth tokens": {
    provider: member("google", "github", "entra"),
    subject: uuid,
    accessToken: token,
    refreshToken: token,
    idToken: signed,
    tokenType: literal("Bearer"),
    expiresAt: date,
    scopes: list(member("openid", "profile", "email", "offline_access", "calendar.read")),
  },
  "wide and sparse": {
    ...Object.fromEntries([0, 3, 7, 11, 20].map((each) => [`flag${each}`, boolean])),
    ...Object.fromEntries([1, 2, 9, 15, 22].map((each) => [`counter${each}`, int])),
    note0: text,
    note8: text,
  },
  deep: {
    organisation: object({
      id: uuid,
      plan: member("free", "team", "enterprise"),
      workspace: object({
        slug: text,
        settings: object({
          editor: object({ font: text, size: int, wrap: boolean, ruler: nullable(int) }),
          notifications: object({ email: boolean, push: boolean, quiet: object({ from: text, to: text }) }),
          shortcuts: record(text),
        }),
        recent: list(
          object({
            kind: member("page", "board", "file"),
            id: uuid,
            opened: date,
            position: object({ x: number, y: number, zoom: number }),
          }),
        ),
      }),
    }),
    step: int,
  },
};

/**
 * Makes the function of a session.
 * @param encoded - what is to be decoded, or the like: its head but for the beginning is expected
 * @param other - decodes whatever else there is; absent where nothing is checked
 */
export function oneFunction({ name }, encoded, other) {
  const must = (condition) => (other === undefined ? "" : `if (!(${condition})) return other(bytes);`);
  must.ascii = (start, end) =>
    other === undefined
      ? ""
      : `bits = 0;
for (let place = ${start}; place < ${end}; place += 1) bits |= bytes[place];
${must("bits < 0x80")}`;
  const size = 3 + encoded[2];
  const head = [...encoded.subarray(0, size)].flatMap((byte, index) =>
    // Behind two bytes of MessagePack's and one of flags there are four of the beginning.
    index > 3 && index < 8 ? [] : [`bytes[${index}] === ${byte}`],
  );
  const fields = Object.entries(shapes[name]);
  const source = `"use strict";
const { ${Object.keys(tools).join(", ")} } = tools;
${uuidText}
return function decode(bytes) {
const end = bytes.length;
let at = ${size};
let start = 0;
let bits = 0;
${must(head.join(" && "))}
const chars = latin1.call(bytes, 0, end);
${fields.map(([field, read]) => read(field, must)).join("")}
${must("at === end")}
return { createdAt: uint32(bytes, 4) * 1000, permanent: ${(encoded[3] & 1) === 1}, ${fields.map(([field]) => field).join(", ")} };
};`;
  return new Function("tools", "other", source)(tools, other);
}
