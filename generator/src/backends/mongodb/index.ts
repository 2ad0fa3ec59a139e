import { z } from "zod";
import type { Backend } from "../backend.js";
import { addressOrClient, envReference, modulePath, text } from "../shared/options.js";

/** What the server would refuse; https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
const database = z.union(
  [z.string().regex(/^[^\0/\\. "$*<>:|?]{1,63}$/, "a database's name"), envReference],
  {
    error: 'expected a name of at most 63 characters without any of /\\. "$*<>:|?, or env("NAME")',
  },
);
const collection = z.union(
  [z.string().regex(/^(?!system\.|\.)[^\0$]{1,190}$/, "a collection's name"), envReference],
  {
    error:
      'expected a name of at most 190 characters, without $ and not beginning with a dot or "system.", or env("NAME")',
  },
);

/** A MongoDB server, 5 or later, or another one that speaks its protocol. */
export const mongodb: Backend = {
  kind: "mongodb",
  options: z
    .strictObject({
      kind: z.literal("mongodb"),
      url: text.optional(),
      client: modulePath.optional(),
      database: database.optional(),
      collection: collection.optional(),
      prefix: text.optional(),
    })
    .refine(...addressOrClient("url")),
  first: { hint: "a collection of MongoDB", code: 'kind: "mongodb", url: env("MONGODB_URL")' },
  store: { module: "@sessgen/runtime/stores/mongodb", factory: "mongodbStore" },
  addresses: ["url"],
  imports: { client: "client" },
  infrastructure: async () => (await import("./emit.js")).emitMongodb,
  live: async () => (await import("./live.js")).mongodb,
  drivers: ["mongodb"],
};
