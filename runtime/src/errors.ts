/** What the registry says about one error. */
export interface ErrorEntry {
  /** The HTTP status a framework should answer with when nothing handles the error. */
  readonly status: number;
  /** How to mend it, in one sentence. */
  readonly fix: string;
  /**
   * What it is thrown by may have been done all the same: the answer is missing. Everything else
   * was certainly not done.
   */
  readonly unclear?: true;
}

/**
 * Every error the runtime throws, by its stable code. `docs/errors.md` documents each; a test
 * compares the two and looks for the place that throws it.
 */
export const runtimeErrors = {
  "cookie/invalid-option": {
    status: 500,
    fix: "Change the cookie options in session.config.ts as the message says and run sessgen again.",
  },
  "cookie/weak-secret": {
    status: 500,
    fix: "Use at least 32 random characters, for example from `openssl rand -base64 32`.",
  },
  "encryption/no-secret": {
    status: 500,
    fix: 'Give `encryption: { secrets: [env("SESSION_ENCRYPTION_SECRET")] }` in session.config.ts and run sessgen again.',
  },
  "encryption/weak-secret": {
    status: 500,
    fix: "Use at least 32 random characters, for example from `openssl rand -base64 32`.",
  },
  "env/missing": {
    status: 500,
    fix: "Set the variable before starting the application; docs/guides/environment.md says how each framework reads .env.",
  },
  "field/invalid": {
    status: 500,
    fix: "Validate the value before assigning it, or widen the field's schema and run sessgen again; for what a client sent, `$accept()` makes it a 400.",
  },
  "field/unknown": {
    status: 500,
    fix: 'Add the field to the schema and run sessgen, or correct its name; for middleware written for express-session, `compat: "express-session"` has a place for fields that no schema names.',
  },
  "schema/missing": {
    status: 500,
    fix: "Export the schema from that module as default or under the name `schema`.",
  },
  "session/conflict": {
    status: 503,
    fix: "Let the client try again; if it happens often, write the session less, or give the contended field a merge policy.",
  },
  "session/disabled": {
    status: 500,
    fix: "Write only where the request has a session (`$isDisabled` tells), or narrow what `skip` says.",
  },
  "session/fixed-cookie": {
    status: 500,
    fix: 'Change `cookie` or `lifetime` in session.config.ts and run sessgen; for times of a session\'s own, give the glue a `bag` beside `compat: "express-session"`.',
  },
  "session/gone": {
    status: 409,
    fix: "Nothing to mend on the server: the client's next request begins a new session.",
  },
  "session/headers-sent": {
    status: 500,
    fix: "Log users in and begin sessions before the first byte of the response; what a session on its way may still change, save with `$commit()`.",
  },
  "session/index-not-final": {
    status: 503,
    fix: "Run `npx sessgen migrate`, and `npx sessgen migrate --after-deploy` once no older deploy runs.",
  },
  "session/invalid-part": {
    status: 500,
    fix: "Export only what `SessionParts` names from that module, and let `generateId` give 22 to 86 characters of base64url and `deriveKey` 43.",
  },
  "session/lock-unclear": {
    status: 503,
    fix: "Look at the session anew before doing again what must be done once; what must be certain beyond the session, such as a payment, needs a key of its own that makes it happen once.",
  },
  "session/locked": {
    status: 503,
    fix: "Let the client try again; do less inside of $lock, or give it a longer `wait`.",
  },
  "session/moved": {
    status: 409,
    fix: "Nothing to mend on the server: let the client try again with the cookie that it has by now.",
  },
  "session/name-taken": {
    status: 500,
    fix: "Mount one of the two, or give these sessions another `name` in session.config.ts, so that they have a place of their own on requests.",
  },
  "session/no-application": {
    status: 500,
    fix: "Run `npx sessgen` and import what it emits; code of your own gives `application` of sessgen.lock.json.",
  },
  "session/no-compat": {
    status: 500,
    fix: 'Give the Express glue `compat: "express-session"`, or use what the session has instead: `$regenerate`, `$commit`, `$destroy`, `$reload`, `$touch`.',
  },
  "session/no-compression": {
    status: 500,
    fix: "Leave `compression` out: sessions that travel in cookies are never compressed, and elsewhere it takes node:zlib.",
  },
  "session/no-lock": {
    status: 500,
    fix: "Choose a backend that has them, or bring changes together with a merge policy.",
  },
  "session/no-lookup": {
    status: 500,
    fix: "Give the field `index: true` under `fields` in session.config.ts and run sessgen; choose a backend that supports it.",
  },
  "session/no-previous": {
    status: 500,
    fix: "Leave `previous` out: cookies that are sealed for another application or installation begin anew.",
  },
  "session/no-revoke-all": {
    status: 500,
    fix: "Change the secrets of the cookie, or empty the store; or choose a backend that has such writes.",
  },
  "session/null-session": {
    status: 503,
    fix: "Bring the store back, or set what the message says is missing; until then, do without the session in this request.",
  },
  "session/prerendered": {
    status: 500,
    fix: "Render the page on demand, or read the session only where it is not prerendered; in Astro a server island of a prerendered page has it, too.",
  },
  "session/read-only": {
    status: 500,
    fix: "Write where the framework can still set a cookie: in Next.js in a Server Action, a Route Handler or the proxy.",
  },
  "session/replaced": {
    status: 500,
    fix: "Use `request.session`, and not what it was before.",
  },
  "session/substitute": {
    status: 409,
    fix: 'Let the client try again: what could not be read is set aside where `onUnreadable` says so, and may then be replaced; where a field is to begin anew at once, `session.$reset("name")`.',
  },
  "session/too-large": {
    status: 500,
    fix: "Keep less in the field that the message names: identifiers instead of what they stand for; or allow more with `maxBytes`.",
  },
  "session/unclear": {
    status: 500,
    fix: "Look at the fields that the message names, which show what is stored, and decide; if it happens often, look at the network between the application and the backend.",
  },
  "session/unknown-environment": {
    status: 500,
    fix: "Set NODE_ENV to one of the names in session.config.ts, or add a backend for it.",
  },
  "session/weak-id": {
    status: 500,
    fix: "Give `id: { bytes: 32 }`, or leave it out.",
  },
  "store/closed": {
    status: 503,
    fix: "Close the store only after the last request has been answered.",
  },
  "store/denied": {
    status: 503,
    fix: "Check the credentials; `npx sessgen verify` says which permission is missing.",
  },
  "store/failed-module": {
    status: 503,
    fix: "Start the process anew; have the module export a client that connects when it is first used, without a top-level `await`.",
  },
  "store/full": {
    status: 503,
    fix: "Give the backend more room, delete expired sessions, or keep less in the session.",
  },
  "store/invalid-expiry": {
    status: 500,
    fix: "Give `cookie.expires` a date, or nothing; look at what computes `cookie.maxAge`.",
  },
  "store/locked": {
    status: 503,
    fix: "Keep transactions in that process short, or allow more time.",
  },
  "store/missing-driver": {
    status: 500,
    fix: "Install the package that the message names in the application.",
  },
  "store/no-database": {
    status: 503,
    fix: "Correct the database's name in the address, or create it: `npx sessgen migrate` makes tables.",
  },
  "store/not-migrated": {
    status: 503,
    fix: "Run `npx sessgen migrate`.",
  },
  "store/read-only": {
    status: 503,
    fix: "Point the store at a writable backend, or grant write permission.",
  },
  "store/timeout": {
    status: 503,
    fix: "Look at the backend's load and at the network between it and the application, or allow more time with storeTimeout.",
    unclear: true,
  },
  "store/too-large": {
    status: 500,
    fix: "Keep less in the session: identifiers instead of what they stand for; or choose a backend with a higher limit.",
  },
  "store/unavailable": {
    status: 503,
    fix: "See the error's cause; check that the backend runs, is reachable, and accepts the credentials.",
    unclear: true,
  },
  "testing/in-production": {
    status: 500,
    fix: "Import testing.ts in tests only; under NODE_ENV production it keeps no sessions.",
  },
  "transport/invalid-option": {
    status: 500,
    fix: "Change `transport` in session.config.ts as the message says and run sessgen again.",
  },
} as const;

/** A code of {@link runtimeErrors}. */
export type RuntimeErrorCode = keyof typeof runtimeErrors;

const anError: unique symbol = Symbol.for("sessgen.error");
const ofField: unique symbol = Symbol.for("sessgen.field-error");

/** An error of the session runtime. Messages never contain session data, session ids or secrets. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  /** The stable code, documented in `docs/errors.md`. */
  readonly code: RuntimeErrorCode;
  /**
   * The HTTP status for a request that fails with this error. Read by Express, Koa and Fastify
   * alike.
   */
  readonly status: number;
  /** How to mend it. */
  readonly fix: string;
  /** The client's mistake, which its message may be shown for. Read by Express and Koa alike. */
  readonly expose?: true;

  static {
    Object.defineProperty(SessionError.prototype, anError, { value: true });
  }

  /**
   * Knows errors of another copy of this package, too: bundlers and test runners load it several
   * times.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && anError in value;
  }

  /**
   * @param code - one of {@link runtimeErrors}
   * @param summary - what happened this time, in one sentence
   * @param options - the underlying error, if there is one
   */
  constructor(code: RuntimeErrorCode, summary: string, options?: ErrorOptions) {
    super(`${printable(summary)} [${code}]`, options);
    const entry: ErrorEntry = runtimeErrors[code];
    this.code = code;
    this.status = entry.status;
    this.fix = entry.fix;
  }
}

/**
 * What a log or a terminal would act upon: control characters, line separators, and those that turn
 * the direction of text.
 */
const acting = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** Names in a message may be a client's: keys of a JSON body that was assigned, for instance. */
function printable(text: string): string {
  return text.replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A value that a field's schema forbids. */
export class SessionFieldError extends SessionError {
  /** Where in the session the value sits, e.g. `cart[2].quantity`. */
  readonly path: string;
  /** What the schema asks for. */
  readonly expected: string;

  static {
    Object.defineProperty(SessionFieldError.prototype, ofField, { value: true });
  }

  /** As that of SessionError. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && ofField in value;
  }

  /**
   * @param path - where in the session the value sits, e.g. `cart[2].quantity`
   * @param expected - what the schema asks for, e.g. `an integer greater than 0`; the value itself
   *   is never shown
   */
  constructor(path: string, expected: string) {
    super("field/invalid", `session${path === "" ? "" : `.${path}`} must be ${expected}`);
    this.path = path;
    this.expected = expected;
  }
}
