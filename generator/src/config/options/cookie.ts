import type { CookieOptions as RuntimeCookieOptions } from "@sessgen/runtime";
import { type ZodType, z } from "zod";
import { agree } from "../agree.js";
import { secrets } from "../option-values.js";
import type { EnvReference } from "../values.js";

/**
 * How the session cookie is set: as the runtime is told, but for what emitted code fills in and for
 * secrets, which are read where the application runs.
 */
export interface CookieOptions extends Omit<RuntimeCookieOptions, "secure" | "secrets"> {
  /**
   * Default `"except-local"`: `true`, except for requests over plain HTTP to this machine while
   * NODE_ENV is `test`, and to this machine or a private address while it is `development`. There
   * the cookie is called `dev-session` and is not `Secure`, so that every client keeps it. With
   * `true` it is always `Secure`, and some clients lose it over HTTP. With `false` the cookie
   * travels over plain HTTP, readable by anybody on the way. With `"auto"` it does so where the
   * request came over plain HTTP, and is `Secure` where it came over TLS: for one build that runs
   * with and without. Costs the prefix of the name. Behind a proxy that ends TLS the framework must
   * be told to trust it, as with Express's `trust proxy`.
   */
  readonly secure?: boolean | "auto" | "except-local";
  /**
   * Signs the cookie: `[env("SESSION_SECRET")]`. The first secret signs, all verify. To rotate, put
   * a new one behind, deploy everywhere, then put it in front and deploy again.
   */
  readonly secrets?: readonly [EnvReference, ...EnvReference[]];
}

/** The same, as it is written in the config. */
export const cookie: ZodType<CookieOptions> = agree<CookieOptions>()(
  z.strictObject({
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
      .union([z.boolean(), z.enum(["auto", "except-local"])], {
        error: 'expected true, false, "auto" or "except-local"',
      })
      .optional(),
    httpOnly: z.boolean().optional(),
    sameSite: z.enum(["strict", "lax", "none"]).optional(),
    partitioned: z.boolean().optional(),
    priority: z.enum(["low", "medium", "high"]).optional(),
    secrets: secrets.optional(),
    acceptUnsigned: z.boolean().optional(),
    digest: z.enum(["sha256", "sha384", "sha512"]).optional(),
    salt: z.string().min(1).optional(),
    clearCache: z.boolean().optional(),
    refresh: z.enum(["on-change", "every-request"]).optional(),
  }),
);

/** The options for every environment, or for each NODE_ENV its own. */
export type CookiesOptions = CookieOptions | { readonly [environment: string]: CookieOptions };

/** The same, as it is written in the config. */
export const cookies: ZodType<CookiesOptions> = z.unknown().transform((value, context) => {
  // One after the other, and not as a union: problems are to name the option.
  const parsed = (isByEnvironment(value) ? z.record(z.string(), cookie) : cookie).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue, path: [...issue.path] } as never);
  return z.NEVER;
});

/** No option of a cookie is an object, and every environment is one. */
function isByEnvironment(given: unknown): given is { readonly [environment: string]: CookieOptions } {
  const values = Object.values(Object(given));
  return values.length > 0 && values.every((value) => typeof value === "object" && !Array.isArray(value));
}

/** What always stands in emitted code. */
type Settled = "name" | "path" | "secure" | "httpOnly" | "sameSite" | "partitioned";

/** How the session cookie is set, defaults filled in. */
export type ResolvedCookie = CookieOptions & Required<Pick<CookieOptions, Settled>>;

/**
 * Fills the defaults in.
 * @param prefix - of the kind of sessions: `admin-`
 */
function resolveCookie(given: CookieOptions | undefined, prefix: string): ResolvedCookie {
  const { secure = "except-local" } = given ?? {};
  return {
    name: `${secure === true || secure === "except-local" ? "__Host-" : ""}${prefix}session`,
    path: "/",
    secure,
    httpOnly: true,
    sameSite: "lax",
    partitioned: false,
    ...given,
  };
}

/**
 * Gives the cookie of every environment, and of each where the config says so; fills the defaults
 * in.
 */
export function resolveCookies(
  given: CookiesOptions | undefined,
  prefix: string,
): { readonly cookie: ResolvedCookie; readonly cookies?: Readonly<Record<string, ResolvedCookie>> } {
  if (!isByEnvironment(given)) return { cookie: resolveCookie(given, prefix) };
  const cookies = Object.fromEntries(
    Object.entries(given).map(([environment, one]) => [environment, resolveCookie(one, prefix)]),
  );
  const cookie = cookies["default"] ?? cookies["production"] ?? Object.values(cookies)[0];
  return { cookie: cookie ?? resolveCookie(undefined, prefix), cookies };
}
