import { type ZodType, z } from "zod";
import { agree } from "../../config/agree.js";
import { count, envReference, modulePath, text } from "../../config/option-values.js";
import type { EnvReference } from "../../config/values.js";
import type { Kept } from "../shared/kept.js";

/** A table of DynamoDB. The SDK finds the credentials. */
export interface DynamodbBackend {
  readonly kind: "dynamodb";
  /** A name of 3 to 255 letters, digits, `_`, `-` and `.`, or an ARN. Default `sessions`. */
  readonly table?: string | EnvReference;
  /** Default: what the SDK finds, in `AWS_REGION` or the profile. */
  readonly region?: string | EnvReference;
  /** The URL of another DynamoDB than the region's, such as DynamoDB Local's. */
  readonly endpoint?: string | EnvReference;
  /**
   * A module that exports a DynamoDBClient or DynamoDBDocumentClient of the application's own;
   * relative to the config file. `region` and `endpoint` are for the commands of sessgen then.
   */
  readonly client?: string;
  /** What every key begins with, where applications share a table. Default: nothing. */
  readonly prefix?: string | EnvReference;
  /** The attribute that is the table's partition key, a string. Default `id`. */
  readonly partitionKey?: string | EnvReference;
  /**
   * The attribute that the table's TTL goes by, in seconds since the Unix epoch. Default `expires`.
   */
  readonly ttlAttribute?: string | EnvReference;
  /**
   * Default `true`. With `false` reads cost half and may miss what was written a moment ago: a
   * session that has just begun reads as absent, one that was just destroyed as present. Writes go
   * by the current state in either case.
   */
  readonly consistentRead?: boolean;
  /**
   * Of the emitted table. `"on-demand"` (default), or capacity units per second: cheaper under an
   * even load, while requests beyond them are refused.
   */
  readonly billing?: "on-demand" | { readonly read: number; readonly write: number };
  /**
   * Of the emitted table. Default `false`. With `true` the table can be restored as it was at any
   * second of the last 35 days, which brings destroyed sessions back.
   */
  readonly pointInTimeRecovery?: boolean;
  /**
   * Of the emitted table. Default `true`: DynamoDB refuses to delete it, which would log everybody
   * out, until this is `false`.
   */
  readonly deletionProtection?: boolean;
  /** Of the emitted table: what it is filed under, for costs and owners. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Of the emitted table: whose key encrypts it. Default `"aws-owned"`; the others cost money per
   * key and per call.
   */
  readonly encryption?: "aws-owned" | "aws-managed" | { readonly kmsKeyArn: string | EnvReference };
}

/**
 * What DynamoDB would refuse:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
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

/**
 * What AWS would refuse:
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
const tagText = (most: number) =>
  z
    .string()
    .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, "letters, digits, spaces and _.:/=+-@")
    .max(most);
const tagKey = tagText(128).regex(/^(?!aws:)./i, "a name that does not begin with aws:");
const tagValue = tagText(256);

/** The options, as they are written in the config. */
export const options: ZodType<DynamodbBackend> = agree<DynamodbBackend>()(
  z
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
      deletionProtection: z.boolean().optional(),
      tags: z.record(tagKey, tagValue).optional(),
      encryption: z
        .union([z.enum(["aws-owned", "aws-managed"]), z.strictObject({ kmsKeyArn: text })], {
          error: 'expected "aws-owned", "aws-managed" or { kmsKeyArn: "arn:…" }',
        })
        .optional(),
    })
    .refine(({ partitionKey = "id", ttlAttribute = "expires" }) => partitionKey !== ttlAttribute, {
      error: "expected partitionKey and ttlAttribute to be different attributes",
    }),
);

/** What the lock keeps of them. */
export const kept: Kept<DynamodbBackend> = {
  table: "value",
  prefix: "value",
  partitionKey: "value",
  ttlAttribute: "value",
  region: "address",
  endpoint: "address",
  client: "address",
  consistentRead: "value",
  billing: "nothing",
  pointInTimeRecovery: "nothing",
  deletionProtection: "nothing",
  tags: "nothing",
  encryption: "nothing",
};
