import type { OptionValue } from "../../config/values.js";
import { type EmitInfrastructure, knownText } from "../shared/infrastructure.js";
import { lookupIndex, storeActions, ttlIndex, validatorOf } from "./shape.js";

/**
 * What is emitted, and the template each is made of: the same collection by mongosh and by the
 * driver.
 */
const files = ["setup.mongosh.js", "setup.ts"];

/**
 * Emits the collection, its indexes, its validator, and the least an application may do with it.
 */
export const emitMongodb: EmitInfrastructure = async ({ options, indexes, folder, render }) => {
  const { required, properties } = validatorOf(indexes).$jsonSchema;
  const data = {
    collection: knownText(options["collection"], "sessions"),
    collectionVariable: variable(options["collection"]),
    database: knownText(options["database"], ""),
    databaseVariable: variable(options["database"]),
    urlVariable: variable(options["url"]),
    ttl: ttlIndex.name,
    // In a comment of one line.
    lookups: indexes.map((index) => ({
      name: lookupIndex(index).name,
      path: index.path.replace(/\s+/g, " "),
    })),
    required: JSON.stringify(required).replaceAll(",", ", "),
    properties: Object.entries(properties).map(([name, { bsonType }]) => ({ name, bsonType })),
    actions: JSON.stringify(storeActions).replaceAll(",", ", "),
  };
  return Promise.all(
    files.map(async (file) => ({
      path: `${folder}/${file}`,
      content: await render(`mongodb/${file}.hbs`, data),
      kind: "owned" as const,
    })),
  );
};

/** The variable of the environment that an option comes from; empty when it comes from none. */
function variable(value: OptionValue | undefined): string {
  return typeof value === "object" && "$env" in value ? String(value.$env) : "";
}
