import { z } from "zod";
import { secrets, text } from "../backends/shared/options.js";
import { type FieldPolicy, policies } from "../model/policies/policies.js";
import type { Catalog } from "./catalog.js";
import type { BackendConfig, ResolvedConfig, Transport } from "./resolved.js";
import { duration, relativePath } from "./values.js";

const policy = z.strictObject(
  Object.fromEntries(Object.entries(policies).map(([name, { schema }]) => [name, schema.optional()])),
);

const transport = z.union([
  z.enum(["cookie", "bearer"]),
  z.strictObject({ header: z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/) }),
]);

const lifetimes = { idle: duration.optional(), absolute: duration.optional() };

/** The options of `session.config.ts` once durations are milliseconds and paths are tidy. */
export interface Options {
  name?: string | undefined;
  realm?: ResolvedConfig["realm"] | undefined;
  id?: { bytes?: number | undefined } | undefined;
  schema?: unknown;
  schemaModule?: string | undefined;
  fields?: Record<string, FieldPolicy> | undefined;
  backend: Record<string, unknown>;
  serializer?: "packed" | "msgpack" | "json" | undefined;
  lifetime?: (LifetimeOptions & { permanent?: LifetimeOptions | undefined }) | undefined;
  cookie?: Partial<ResolvedConfig["cookie"]> | undefined;
  encryption?: ResolvedConfig["encryption"] | undefined;
  transport?: Transport | Transport[] | undefined;
  binding?: ResolvedConfig["binding"] | undefined;
  parts?: string | undefined;
  onStoreError?: "error" | "null-session" | undefined;
  onUnreadable?: ResolvedConfig["onUnreadable"] | undefined;
  frameworks?: string[] | undefined;
  output?: string | undefined;
  infrastructure?: string | undefined;
  migrations?: ResolvedConfig["migrations"] | undefined;
  lock?: string | undefined;
  templates?: string | undefined;
}

interface LifetimeOptions {
  idle?: number | undefined;
  absolute?: number | undefined;
}

const options = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][A-Za-z0-9]*$/, "expected a name such as admin: a letter, then letters and digits")
    .optional(),
  realm: text.optional(),
  id: z
    .strictObject({
      bytes: z
        .int("expected a whole number of bytes")
        .min(16, "expected at least 16: shorter ids can be guessed")
        .max(64, "expected at most 64")
        .optional(),
    })
    .optional(),
  schema: z.unknown().optional(),
  schemaModule: relativePath.optional(),
  fields: z.record(z.string(), policy).optional(),
  backend: z.looseObject({}),
  serializer: z.enum(["packed", "msgpack", "json"]).optional(),
  lifetime: z.strictObject({ ...lifetimes, permanent: z.strictObject(lifetimes).optional() }).optional(),
  cookie: z
    .strictObject({
      name: z
        .string()
        .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, "expected a cookie's name (RFC 6265)")
        .optional(),
      domain: z
        .string()
        .regex(/^\.?[A-Za-z0-9.-]+$/, "expected a domain")
        .optional(),
      path: z
        .string()
        .regex(/^\/[^;\x00-\x1f\x7f]*$/, "expected a path that begins with /")
        .optional(),
      secure: z
        .union([z.boolean(), z.literal("auto")], { error: 'expected true, false or "auto"' })
        .optional(),
      httpOnly: z.boolean().optional(),
      sameSite: z.enum(["strict", "lax", "none"]).optional(),
      partitioned: z.boolean().optional(),
      priority: z.enum(["low", "medium", "high"]).optional(),
      secrets: secrets.optional(),
      digest: z.enum(["sha256", "sha384", "sha512"]).optional(),
      salt: z.string().min(1).optional(),
      refresh: z.enum(["on-change", "every-request"]).optional(),
    })
    .optional(),
  encryption: z
    .strictObject({
      secrets,
      payload: z.boolean().optional(),
      acceptPlain: z.boolean().optional(),
    })
    .optional(),
  transport: z
    .union([transport, z.array(transport).min(1)], {
      error: 'expected "cookie", "bearer", { header: "x-session-id" } or a list of these',
    })
    .optional(),
  binding: z
    .strictObject({
      userAgent: z.boolean().optional(),
      network: z.strictObject({ ipv4: z.int().min(1).max(32), ipv6: z.int().min(1).max(128) }).optional(),
      onMismatch: z.enum(["anonymous", "event"]),
    })
    .optional(),
  parts: relativePath.optional(),
  onStoreError: z.enum(["error", "null-session"]).optional(),
  onUnreadable: z
    .union([z.enum(["forget", "quarantine"]), z.strictObject({ quarantine: duration })], {
      error: 'expected "forget", "quarantine" or { quarantine: "7d" }',
    })
    .optional(),
  frameworks: z.array(z.string()).optional(),
  output: relativePath.optional(),
  infrastructure: relativePath.optional(),
  migrations: z.enum(["plain", "dbmate", "flyway", "prisma", "drizzle", "knex"]).optional(),
  lock: relativePath.optional(),
  templates: relativePath.optional(),
});

/** The options of `session.config.ts`, as they are written. */
export function configSchema({ frameworks }: Pick<Catalog, "frameworks">): z.ZodType<Options> {
  const known = z.array(z.enum([...frameworks.keys()])).optional();
  return options.extend({ frameworks: known }) as unknown as z.ZodType<Options>;
}

/** A backend as it is written. */
export function backendSchema({ backends }: Pick<Catalog, "backends">): z.ZodType<BackendConfig> {
  const one = z.looseObject({ kind: z.enum([...backends.keys()]) }).transform((value, context) => {
    // Checked by the backend's own descriptor, so that problems name its options.
    const result = backends.get(value.kind)?.options.safeParse(value);
    for (const issue of result?.error?.issues ?? [])
      context.addIssue({ ...issue, path: [...issue.path] } as never);
    return value;
  });
  return one as unknown as z.ZodType<BackendConfig>;
}
