import type { Backend } from "../backend.js";
import { kept, options } from "./options.js";

/** A MongoDB server, 5 or later, or another one that speaks its protocol. */
export const mongodb: Backend = {
  kind: "mongodb",
  options,
  kept,
  first: {
    hint: "a collection of MongoDB",
    code: 'kind: "mongodb", url: env("MONGODB_URL")',
    variables: { MONGODB_URL: "mongodb://localhost:27017/app" },
    rank: 3,
  },
  store: { module: "@sessgen/runtime/stores/mongodb", factory: "mongodbStore" },
  addresses: ["url"],
  imports: { client: "client" },
  infrastructure: async () => (await import("./emit.js")).emitMongodb,
  live: async () => (await import("./live.js")).mongodb,
  clients: ["mongodb"],
  companions: ["mongoose", "connect-mongo"],
};
