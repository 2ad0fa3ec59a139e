import { type ZodType, z } from "zod";
import type { SnapshotSection } from "../lock/snapshot.js";

/** Text of the config, or the name of a variable. */
export type TextForm = string | { readonly $env: string };

/** How the cookie is set, as the snapshot has it. */
export interface CookieForm {
  readonly name: string;
  readonly path: string;
  readonly secrets?: readonly TextForm[] | undefined;
  readonly acceptUnsigned?: boolean | undefined;
  readonly [option: string]: unknown;
}

/** A type that a field had, of which the type of today is made. */
export interface UpcastForm {
  readonly from: string;
  /** Whether it is made of that again, for older versions. */
  readonly down: boolean;
}

/** What is known of a field or a property: whether it may be absent, and its policies. */
export interface AttributesForm {
  readonly required: boolean;
  readonly nullable?: boolean | undefined;
  readonly default?: string | undefined;
  readonly catch?: string | undefined;
  readonly upcast?: readonly UpcastForm[] | undefined;
  readonly [policy: string]: unknown;
}

/** What is checked at a place, as the snapshot has it. */
export interface ChecksForm {
  readonly [check: string]: string | number | boolean | readonly string[];
}

/** A backend, with the options that the lock keeps. */
export interface BackendForm {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** A lifetime in milliseconds. */
export interface LifetimeForm {
  readonly idle: number;
  readonly absolute: number;
}

/** An index, by its path. */
export interface IndexForm {
  readonly name: string;
  readonly type: string;
  readonly hashed: boolean;
}

/** An identity of before, as `previous` says it. */
export interface PreviousForm {
  readonly application?: string | undefined;
  readonly realm?: TextForm | undefined;
  readonly name?: string | undefined;
  readonly deriveKey?: string | undefined;
}

/** A snapshot of the lock, as far as rules look at it. */
export interface SnapshotForm {
  readonly name?: string | undefined;
  readonly realm?: TextForm | undefined;
  readonly id?: { readonly bytes: number } | undefined;
  readonly serializer: string;
  readonly lifetime: LifetimeForm & { readonly permanent: LifetimeForm };
  readonly cookie: CookieForm;
  readonly cookies?: Readonly<Record<string, CookieForm>> | undefined;
  readonly transport?: readonly (string | { readonly header: string })[] | undefined;
  readonly encryption?:
    | {
        readonly secrets: readonly TextForm[];
        readonly payload?: boolean | undefined;
        readonly acceptPlain?: boolean | undefined;
      }
    | undefined;
  readonly compression?: { readonly above: number } | undefined;
  readonly previous?: readonly PreviousForm[] | undefined;
  readonly binding?:
    | {
        readonly userAgent?: boolean | undefined;
        readonly network?: { readonly ipv4: number; readonly ipv6: number } | undefined;
        readonly onMismatch: string;
      }
    | undefined;
  readonly parts?: string | undefined;
  readonly schemaModule?: string | undefined;
  readonly maxBytes?: number | undefined;
  readonly onUnreadable?: string | { readonly quarantine: number } | undefined;
  readonly onStoreError?: string | undefined;
  readonly backends: Readonly<Record<string, BackendForm>>;
  /** What is said of the glue of frameworks, by their names. */
  readonly glue?: Readonly<Record<string, { readonly bag?: string | undefined }>> | undefined;
  readonly fields: Readonly<Record<string, AttributesForm>>;
  readonly indexes: Readonly<Record<string, IndexForm>>;
  readonly formerIndexes?: readonly string[] | undefined;
  readonly checks: Readonly<Record<string, ChecksForm>>;
}

const text: ZodType<TextForm> = z.union([z.string(), z.object({ $env: z.string() })]);
const secrets: ZodType<readonly TextForm[]> = z.array(text);
const lifetime = { idle: z.number(), absolute: z.number() };
const cookie: ZodType<CookieForm> = z.looseObject({
  name: z.string(),
  path: z.string(),
  secrets: secrets.optional(),
  acceptUnsigned: z.boolean().optional(),
});
const form: ZodType<SnapshotForm> = z.object({
  name: z.string().optional(),
  realm: text.optional(),
  id: z.object({ bytes: z.number() }).optional(),
  serializer: z.string(),
  lifetime: z.object({ ...lifetime, permanent: z.object(lifetime) }),
  cookie,
  cookies: z.record(z.string(), cookie).optional(),
  transport: z.array(z.union([z.string(), z.object({ header: z.string() })])).optional(),
  encryption: z
    .object({ secrets, payload: z.boolean().optional(), acceptPlain: z.boolean().optional() })
    .optional(),
  compression: z.object({ above: z.number() }).optional(),
  previous: z
    .array(
      z.object({
        application: z.string().optional(),
        realm: text.optional(),
        name: z.string().optional(),
        deriveKey: z.string().optional(),
      }),
    )
    .optional(),
  binding: z
    .object({
      userAgent: z.boolean().optional(),
      network: z.object({ ipv4: z.number(), ipv6: z.number() }).optional(),
      onMismatch: z.string(),
    })
    .optional(),
  parts: z.string().optional(),
  schemaModule: z.string().optional(),
  maxBytes: z.number().optional(),
  onUnreadable: z.union([z.string(), z.object({ quarantine: z.number() })]).optional(),
  onStoreError: z.string().optional(),
  backends: z.record(z.string(), z.looseObject({ kind: z.string() })),
  glue: z.record(z.string(), z.looseObject({ bag: z.string().optional() })).optional(),
  fields: z.record(
    z.string(),
    z.looseObject({
      required: z.boolean(),
      nullable: z.boolean().optional(),
      default: z.string().optional(),
      catch: z.string().optional(),
      upcast: z.array(z.object({ from: z.string(), down: z.boolean() })).optional(),
    }),
  ),
  indexes: z.record(z.string(), z.object({ name: z.string(), type: z.string(), hashed: z.boolean() })),
  formerIndexes: z.array(z.string()).optional(),
  checks: z.record(
    z.string(),
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  ),
} satisfies Readonly<Record<SnapshotSection, ZodType>>);

/** Reads a snapshot; `undefined` where it is none. What it has besides is left alone. */
export function readSnapshot(value: unknown): SnapshotForm | undefined {
  return form.safeParse(value).data;
}

/** Gives the secrets among the options of a backend. */
export function secretsIn(backend: BackendForm): readonly TextForm[] {
  return secrets.safeParse(backend["secrets"]).data ?? [];
}

/** Names a text: `env("NAME")`, or itself. */
export function textName(text: TextForm | undefined): string {
  if (text === undefined) return "nothing";
  return typeof text === "string" ? JSON.stringify(text) : `env(${JSON.stringify(text.$env)})`;
}
