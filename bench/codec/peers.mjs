// The peers, each as its page says it is fastest, and each with what a session needs beside its
// fields: when it began, whether it is permanent, and six bytes that tell whose schema it is of.
// `decode` gives back what was encoded, dates included.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { avro, protobuf } from "./schemas.mjs";
import { envelope } from "./sessions.mjs";

const identity = Buffer.from("0f2934313301", "hex");

/**
 * Peers of one session: `encode()` and `decode(encoded)`; the session is theirs already, in the
 * shape that they take.
 */
export async function peersOf(session, modules, generated) {
  const require = createRequire(`${modules}/.`);
  const { Packr } = require("msgpackr");
  const { Encoder } = require("cbor-x");
  const avsc = require("avsc");
  const devalue = await import(pathToFileURL(join(modules, "devalue/index.js")).href);

  const text = { schema: identity.toString("base64url"), ...envelope, ...session.value };
  const binary = { ...text, schema: identity };
  const plain = new Packr({ useRecords: false });
  const structured = new Packr({ structures: [] });
  structured.pack(binary);
  const cbor = new Encoder({ useRecords: false });
  const type = avsc.Type.forSchema(avro[session.name], {
    logicalTypes: { "timestamp-millis": dateType(avsc) },
  });
  const message = await protobufOf(session, modules, generated);
  return {
    JSON: {
      encode: () => JSON.stringify(text),
      // What users do who want dates: by hand, where they stand. A reviver takes five times as
      // long.
      decode: (encoded) => revived[session.name](JSON.parse(encoded)),
    },
    devalue: { encode: () => devalue.stringify(text), decode: (encoded) => devalue.parse(encoded) },
    msgpackr: { encode: () => plain.pack(binary), decode: (encoded) => plain.unpack(encoded) },
    "msgpackr, structures": {
      encode: () => structured.pack(binary),
      decode: (encoded) => structured.unpack(encoded),
    },
    "cbor-x": { encode: () => cbor.encode(binary), decode: (encoded) => cbor.decode(encoded) },
    avsc: { encode: () => type.toBuffer(binary), decode: (encoded) => type.fromBuffer(encoded) },
    "protobuf-es": message,
  };
}

const revived = {
  login(session) {
    session.signedInAt = new Date(session.signedInAt);
    return session;
  },
  cart(session) {
    session.updatedAt = new Date(session.updatedAt);
    return session;
  },
  "OAuth tokens"(session) {
    session.expiresAt = new Date(session.expiresAt);
    return session;
  },
  "wide and sparse": (session) => session,
  deep(session) {
    for (const page of session.organisation.workspace.recent) page.opened = new Date(page.opened);
    return session;
  },
};

function dateType(avsc) {
  return class extends avsc.types.LogicalType {
    _fromValue(value) {
      return new Date(value);
    }
    _toValue(date) {
      return date.getTime();
    }
  };
}

/**
 * Dates and enums are numbers there already, as they would be in a program that uses protobuf
 * throughout.
 */
async function protobufOf(session, modules, generated) {
  const { create, fromBinary, toBinary } = await import(
    pathToFileURL(join(modules, "@bufbuild/protobuf/dist/esm/index.js")).href
  );
  const { message, enums } = protobuf[session.name];
  const { [`${message}Schema`]: schema } = await import(pathToFileURL(generated).href);
  const value = numbered(session.value, enums);
  const whole = {
    schema: identity,
    createdAt: BigInt(envelope.createdAt),
    permanent: envelope.permanent,
    ...value,
  };
  return {
    encode: () => toBinary(schema, create(schema, whole)),
    decode: (encoded) => fromBinary(schema, encoded),
  };
}

function numbered(value, enums, name) {
  if (value === null) return undefined;
  if (value instanceof Date) return BigInt(value.getTime());
  if (Array.isArray(value)) return value.map((item) => numbered(item, enums, name));
  if (typeof value === "string" && enums[name] !== undefined) return enums[name].indexOf(value);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numbered(item, enums, key)]));
}
