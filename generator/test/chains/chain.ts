import type { Lock } from "../../src/lock/lock.js";
import { newLock } from "../../src/lock/lock.js";
import { type Draft, draft } from "../changes/versions.js";
import { application } from "../support/project.js";
import { evolve, settled } from "./evolve.js";
import { Parts } from "./parts.js";
import type { Recipe } from "./recipes.js";
import { configText, type Schema } from "./schema.js";

/** The versions of an application, oldest first. */
export interface Chain {
  readonly schemas: readonly Schema[];
  readonly drafts: readonly Draft[];
  /** What changed, in words. */
  readonly kinds: readonly string[];
}

/** Makes the versions that a recipe tells of, each from the lock of the one before. */
export async function makeChain({ serializer, fields, steps }: Recipe): Promise<Chain> {
  const parts = new Parts();
  let schema: Schema = {
    fields: fields.map((what) => parts.field(what)),
    serializer: (["packed", "json", "msgpack"] as const)[serializer] ?? "packed",
    realm: "",
    previous: [],
  };
  const schemas = [schema];
  const kinds: string[] = [];
  for (const changes of steps) {
    schema = settled(schema);
    for (const change of changes) {
      const evolved = evolve(schema, change, parts);
      if (evolved !== undefined) kinds.push(change.kind);
      schema = evolved ?? schema;
    }
    schemas.push(schema);
  }
  let lock: Lock = newLock(application);
  const drafts: Draft[] = [];
  for (const one of schemas) {
    const made = await draft(configText(one), lock);
    drafts.push(made);
    lock = made.lock;
  }
  return { schemas, drafts, kinds };
}
