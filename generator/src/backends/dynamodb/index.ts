import { z } from "zod";
import type { Backend } from "../backend.js";
import { count, envReference, modulePath, text } from "../shared/options.js";

/** What DynamoDB would refuse: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const table = z.union([
  z
    .string()
    .regex(
      /^([\w.-]{3,255}|arn:[\w-]+:dynamodb:[\w:/.-]+)$/,
      'a name of 3 to 255 letters, digits, "_", "-" and ".", or an ARN',
    ),
  envReference,
]);
const attribute = z.union([
  z
    .string()
    .regex(
      /^(?!(?:payload|version|expires_at)$|by_).{1,255}$/s,
      "a name of at most 255 characters, other than payload, version, expires_at and by_…",
    ),
  envReference,
]);

/** A table of DynamoDB. */
export const dynamodb: Backend = {
  kind: "dynamodb",
  options: z
    .strictObject({
      kind: z.literal("dynamodb"),
      table: table.optional(),
      region: text.optional(),
      endpoint: text.optional(),
      prefix: z.union([z.string(), text]).optional(),
      partitionKey: attribute.optional(),
      ttlAttribute: attribute.optional(),
      consistentRead: z.boolean().optional(),
      client: modulePath.optional(),
      billing: z
        .union([z.literal("on-demand"), z.strictObject({ read: count, write: count })], {
          error: 'expected "on-demand" or { read: 5, write: 5 }',
        })
        .optional(),
      pointInTimeRecovery: z.boolean().optional(),
      encryption: z
        .union([z.enum(["aws-owned", "aws-managed"]), z.strictObject({ kmsKeyArn: text })], {
          error: 'expected "aws-owned", "aws-managed" or { kmsKeyArn: "arn:…" }',
        })
        .optional(),
    })
    .refine(({ partitionKey = "id", ttlAttribute = "expires" }) => partitionKey !== ttlAttribute, {
      error: "expected partitionKey and ttlAttribute to be different attributes",
    }),
  first: { hint: "a table of AWS", code: 'kind: "dynamodb", table: "sessions"' },
  store: { module: "@sessgen/runtime/stores/dynamodb", factory: "dynamodbStore" },
  infrastructure: async () => (await import("./emit.js")).emitDynamodb,
  infrastructureOptions: ["billing", "pointInTimeRecovery", "encryption"],
  addresses: ["region", "endpoint"],
  imports: { client: "client" },
  live: async () => (await import("./live.js")).dynamodb,
  drivers: ["@aws-sdk/client-dynamodb"],
  limits: [
    "DynamoDB updates an index after the write, usually within a second: a lookup by a field, and so a revocation, can miss a session that was written in that moment.",
    "An item has at most 400 kB: a larger session is refused with store/too-large.",
    "DynamoDB deletes expired sessions by the table's TTL, up to days later: nobody reads them, but they take up room until then.",
  ],
};
