import type { Target } from "../../live/live.js";
import { tagOf } from "../../live/own-sessions.js";
import type { FieldIndex } from "../../model/model.js";
import type { SessionDocument, Sessions } from "./connection.js";

/** For how long it is kept: without its note an application's sessions are looked at again. */
const REMEMBERED = 10 * 365 * 86_400_000;

/**
 * Reads by what the application's sessions can be found, those too that were stored before it was
 * asked for. That an index is there does not say so: another application of the same collection
 * may have made it, or it may have had another form.
 */
export async function filledIndexes(
  target: Target,
  sessions: Sessions,
): Promise<(index: FieldIndex) => boolean> {
  const found = await sessions.collection.findOne(await note(target, sessions));
  const text = found?.payload instanceof Uint8Array ? Buffer.from(found.payload).toString() : "[]";
  const filled = JSON.parse(text) as readonly string[];
  return (index) => filled.includes(signature(index));
}

/** Notes that all indexes that are asked for are filled in, and forgets others. */
export async function noteFilled(target: Target, sessions: Sessions): Promise<void> {
  const payload = Buffer.from(JSON.stringify(target.indexes.map(signature)));
  const _id = await note(target, sessions);
  const found = await sessions.collection.findOne(_id);
  if (found?.payload instanceof Uint8Array && payload.equals(found.payload)) return;
  // What the validator asks of sessions: the note lies among them.
  const $set = { payload, version: "sessgen", expiresAt: new Date(Date.now() + REMEMBERED) };
  await sessions.collection.updateOne(_id, { $set }, { upsert: true });
}

/** Before the dot stands no application's tag: nobody who looks for sessions meets the note. */
async function note(target: Target, { prefix }: Sessions): Promise<Pick<SessionDocument, "_id">> {
  return { _id: `${prefix}sessgen.filled-${await tagOf(target)}` };
}

/** An index, and what is in it. */
function signature({ name, path, hashed }: FieldIndex): string {
  return `${name}=${hashed ? "#" : ""}${path}`;
}
