// What a session does with the codecs that were generated for it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packPart } from "../../runtime/dist/codec/packed/pool.js";
import { decodeRecord, encodeRecord } from "../../runtime/dist/codec/record/codec.js";
import { KnownHistory } from "../../runtime/dist/codec/record/history.js";
import { PackedFields } from "../../runtime/dist/codec/record/packed-fields.js";
import { envelope } from "./sessions.mjs";

/** As a peer; `open(encoded)` opens a session and reads one field. */
export async function ourselves(session, folder) {
  const { fields, history: log } = await import(pathToFileURL(join(folder, "fields.js")).href);
  const history = new KnownHistory(log, fields);
  const present = fields.filter(({ name }) => session.value[name] !== undefined);
  const values = present.map(({ slot, codec, name }) => ({ slot, codec, value: session.value[name] }));
  const field = fields.find(({ name }) => name === session.field);
  const options = { now: envelope.createdAt, history };
  return {
    // A new session's commit: each field on its own, since any of them could have changed; then all
    // together.
    encode() {
      const packed = [];
      for (const { slot, codec, value } of values) packed.push([slot, packPart(codec, value)]);
      const { createdAt, permanent } = envelope;
      const record = { createdAt, permanent, fields: PackedFields.none.withAll(packed) };
      return encodeRecord(record, fields, "packed", history);
    },
    decode(encoded) {
      const record = decodeRecord(encoded, fields, options);
      // A session has a getter for each, and no object that all of them are in.
      const read = new Array(values.length);
      for (let index = 0; index < values.length; index += 1) {
        const { slot, codec } = values[index];
        read[index] = record.fields.read(slot, codec);
      }
      return read;
    },
    /** What was decoded, as an object: to be compared. */
    object: (read) => Object.fromEntries(present.map(({ name }, index) => [name, read[index]])),
    open: (encoded) => decodeRecord(encoded, fields, options).fields.read(field.slot, field.codec),
  };
}
