import type { Backend } from "../backend.js";
import { kept, options } from "./options.js";

/** A table of DynamoDB. */
export const dynamodb: Backend = {
  kind: "dynamodb",
  options,
  kept,
  first: {
    hint: "a table of AWS",
    code: 'kind: "dynamodb", table: "sessions"',
    rank: 4,
  },
  store: { module: "@sessgen/runtime/stores/dynamodb", factory: "dynamodbStore" },
  infrastructure: async () => (await import("./emit.js")).emitDynamodb,
  infrastructureOptions: ["billing", "pointInTimeRecovery", "deletionProtection", "tags", "encryption"],
  addresses: ["region", "endpoint"],
  findsItself: true,
  imports: { client: "client" },
  live: async () => (await import("./live.js")).dynamodb,
  clients: ["@aws-sdk/client-dynamodb"],
  companions: ["@aws-sdk/lib-dynamodb"],
  room: () => (400 - 8) * 1024,
  limits: [
    "DynamoDB updates an index after the write, usually within a second: a lookup by a field, and so a revocation, can miss a session that was written in that moment.",
    "An item has at most 400 kB: a larger session is refused with store/too-large.",
    "DynamoDB deletes expired sessions by the table's TTL, up to days later: nobody reads them, but they take up room until then.",
  ],
};
