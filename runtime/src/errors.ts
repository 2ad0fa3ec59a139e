/** What the registry says about one error. */
export interface ErrorEntry {
  /** The HTTP status a framework should answer with when nothing handles the error. */
  readonly status: number;
  /** Why it happens, in one sentence. */
  readonly why: string;
  /** How to mend it, in one sentence. */
  readonly fix: string;
  /** What it is thrown by may have been done all the same: the answer is missing. Everything else was certainly not done. */
  readonly unclear?: true;
}

/**
 * Every error the runtime throws, by its stable code. `docs/errors.md` documents each; a test compares the two
 * and looks for the place that throws it.
 */
export const runtimeErrors = {
  "cookie/invalid-option": {
    status: 500,
    why: "Browsers drop a cookie with this combination of name, path, domain, secure, sameSite and partitioned; or an option is for signed cookies, and there are no secrets.",
    fix: "Change the cookie options in session.config.ts as the message says and run sessgen again.",
  },
  "cookie/weak-secret": {
    status: 500,
    why: "A short secret can be guessed, and whoever knows it can sign cookies. With an empty list of secrets nothing would be signed.",
    fix: "Use at least 32 random characters, for example from `openssl rand -base64 32`.",
  },
  "encryption/no-secret": {
    status: 500,
    why: "Something is to be encrypted, and no secret was given to encrypt it with: there is none at all, or the list is empty.",
    fix: 'Give `encryption: { secrets: [env("SESSION_ENCRYPTION_SECRET")] }` in session.config.ts and run sessgen again.',
  },
  "encryption/weak-secret": {
    status: 500,
    why: "A short secret can be guessed, and whoever knows it can read what is encrypted with it.",
    fix: "Use at least 32 random characters, for example from `openssl rand -base64 32`.",
  },
  "env/missing": {
    status: 500,
    why: "session.config.ts names a variable with env(), and the application was started without it.",
    fix: "Set the variable before starting the application.",
  },
  "field/invalid": {
    status: 500,
    why: "A value was assigned to a session field that its schema forbids.",
    fix: "Validate the value before assigning it, or widen the field's schema and run sessgen again.",
  },
  "field/unknown": {
    status: 500,
    why: "The code names a field that session.config.ts does not declare.",
    fix: "Add the field to the schema and run sessgen, or correct its name.",
  },
  "schema/missing": {
    status: 500,
    why: "The module named by schemaModule exports no Zod object schema, so the refinements of fields cannot run.",
    fix: "Export the schema from that module as default or under the name `schema`.",
  },
  "session/conflict": {
    status: 503,
    why: "Other requests changed the same session again and again while this one tried to save its changes.",
    fix: "Let the client try again; if it happens often, write the session less, or give the contended field a merge policy.",
  },
  "session/disabled": {
    status: 500,
    why: "The code writes to a session that is switched off for this request: by `$disable()`, or by the host's `skip`.",
    fix: "Write only where the request has a session (`$isDisabled` tells), or narrow what `skip` says.",
  },
  "session/gone": {
    status: 409,
    why: "The session was destroyed, expired or got a new id while this request was changing or destroying it; it is not brought back.",
    fix: "Nothing to mend on the server: the client's next request begins a new session.",
  },
  "session/headers-sent": {
    status: 500,
    why: "The response's headers had left when the code changed what has to be told in a header: a new session, another id, the wish to be remembered.",
    fix: "Log users in and begin sessions before the first byte of the response; what a session on its way may still change, save with `$commit()`.",
  },
  "session/invalid-part": {
    status: 500,
    why: "The module named by `parts` exports something under a name that is no part, or a part gives ids or keys of another form.",
    fix: "Export only what `SessionParts` names from that module, and let `generateId` give 22 to 86 characters of base64url and `deriveKey` 43.",
  },
  "session/lock-unclear": {
    status: 503,
    why: "The function of $lock ran, and the answer to the write that saves its changes is missing: whether they are saved, nobody knows.",
    fix: "Look at the session anew before doing again what must be done once; what must be certain beyond the session, such as a payment, needs a key of its own that makes it happen once.",
  },
  "session/locked": {
    status: 503,
    why: "Other requests held the lock of the session for longer than this one was to wait.",
    fix: "Let the client try again; do less inside of $lock, or give it a longer `wait`.",
  },
  "session/moved": {
    status: 409,
    why: "The request came with an id that the session had a moment ago: it has got a new one, was destroyed, or was written by a version of the application that this one knows nothing of.",
    fix: "Nothing to mend on the server: let the client try again with the cookie that it has by now.",
  },
  "session/no-application": {
    status: 500,
    why: "The application id of the lock goes into every key, signature and encrypted value; without one, sessions would be anybody's.",
    fix: "Run `npx sessgen` and import what it emits; code of your own gives `application` of sessgen.lock.json.",
  },
  "session/no-lock": {
    status: 500,
    why: "The store has no conditional writes that hold between processes (keyv, unstorage, express-store, cookie), so a session cannot be locked.",
    fix: "Choose a backend that has them, or bring changes together with a merge policy.",
  },
  "session/no-lookup": {
    status: 500,
    why: "The code looks sessions up by a field that has no index, or the store cannot find sessions by a field.",
    fix: "Give the field `index: true` under `fields` in session.config.ts and run sessgen; choose a backend that supports it.",
  },
  "session/no-revoke-all": {
    status: 500,
    why: "Sessions that travel in their cookie are out of reach, and a store without conditional writes that hold between processes (keyv, unstorage, express-store) cannot keep what would end all of them at once.",
    fix: "Change the secrets of the cookie, or empty the store; or choose a backend that has such writes.",
  },
  "session/null-session": {
    status: 503,
    why: 'The store was out of reach when the request came, or a secret is missing in the environment, and onStoreError is "null-session": the session reads as empty and cannot be written.',
    fix: "Bring the store back, or set what the message says is missing; until then, do without the session in this request.",
  },
  "session/too-large": {
    status: 500,
    why: "The session, encoded, would be larger than `maxBytes` of the options, or than what the backend keeps under one key.",
    fix: "Keep less in the field that the message names: identifiers instead of what they stand for; or allow more with `maxBytes`.",
  },
  "session/unclear": {
    status: 500,
    why: "The answer to an earlier write of this request was lost, and so many others have written since that nobody knows whether it was done. What may be done twice was merged again; changes of counters and of lists that are appended to were not.",
    fix: "Look at the fields that the message names, which show what is stored, and decide; if it happens often, look at the network between the application and the backend.",
  },
  "session/unknown-environment": {
    status: 500,
    why: "session.config.ts names a backend per NODE_ENV, but none for the one the application was started with.",
    fix: "Set NODE_ENV to one of the names in session.config.ts, or add a backend for it.",
  },
  "session/weak-id": {
    status: 500,
    why: "An id of fewer than 16 random bytes can be guessed, and whoever guesses one is logged in as its user; more than 64 do not fit.",
    fix: "Give `id: { bytes: 32 }`, or leave it out.",
  },
  "store/closed": {
    status: 503,
    why: "The store was used after close().",
    fix: "Close the store only after the last request has been answered.",
  },
  "store/denied": {
    status: 503,
    why: "The backend refuses the credentials, or the account lacks a permission that the store needs.",
    fix: "Check the credentials; `npx sessgen verify` says which permission is missing.",
  },
  "store/full": {
    status: 503,
    why: "The backend has no room for the session: its memory, its disk or a limit of the store is used up.",
    fix: "Give the backend more room, delete expired sessions, or keep less in the session.",
  },
  "store/locked": {
    status: 503,
    why: "Another process holds the lock of the session, or of the database, for longer than a request can wait.",
    fix: "Keep transactions in that process short, or allow more time.",
  },
  "store/missing-driver": {
    status: 500,
    why: "The backend needs a package that is not installed.",
    fix: "Install the package that the message names in the application.",
  },
  "store/not-migrated": {
    status: 503,
    why: "The table or collection that sessions are kept in is missing, or has another form than the configuration asks for.",
    fix: "Run `npx sessgen migrate`.",
  },
  "store/read-only": {
    status: 503,
    why: "The backend can be read but not written: a replica, a read-only file system, or missing permissions.",
    fix: "Point the store at a writable backend, or grant write permission.",
  },
  "store/timeout": {
    status: 503,
    why: "The backend did not answer within the deadline of the operation.",
    fix: "Look at the backend's load and at the network between it and the application, or allow more time with storeTimeout.",
    unclear: true,
  },
  "store/too-large": {
    status: 500,
    why: "The session, encoded, is larger than the backend can keep under one key.",
    fix: "Keep less in the session: identifiers instead of what they stand for; or choose a backend with a higher limit.",
  },
  "store/unavailable": {
    status: 503,
    why: "The backend could not be reached, or it failed in a way that has nothing to do with the session.",
    fix: "See the error's cause; check that the backend runs, is reachable, and accepts the credentials.",
    unclear: true,
  },
  "transport/invalid-option": {
    status: 500,
    why: "Sessions cannot travel as `transport` says: a header is no header's name or has another meaning, a transport is named twice, or the sessions are kept in the cookie itself.",
    fix: "Change `transport` in session.config.ts as the message says and run sessgen again.",
  },
} as const;

/** A code of {@link runtimeErrors}. */
export type RuntimeErrorCode = keyof typeof runtimeErrors;

/** An error of the session runtime. Messages never contain session data, session ids or secrets. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  /** The stable code, documented in `docs/errors.md`. */
  readonly code: RuntimeErrorCode;
  /** The HTTP status for a request that fails with this error. Read by Express, Koa and Fastify alike. */
  readonly status: number;
  /** Why this kind of error happens. */
  readonly why: string;
  /** How to mend it. */
  readonly fix: string;

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
    this.why = entry.why;
    this.fix = entry.fix;
  }
}

/** What a log or a terminal would act upon: control characters, line separators, and those that turn the direction of text. */
const acting = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** Names in a message may be a client's: keys of a JSON body that was assigned, for instance. */
function printable(text: string): string {
  return text.replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A value that a field's schema forbids. */
export class SessionFieldError extends SessionError {
  /** Where in the session the value sits, e.g. `cart[2].quantity`. */
  readonly path: string;

  /**
   * @param path - where in the session the value sits, e.g. `cart[2].quantity`
   * @param expected - what the schema asks for, e.g. `an integer greater than 0`; the value itself is never shown
   */
  constructor(path: string, expected: string) {
    super("field/invalid", `session.${path} must be ${expected}`);
    this.path = path;
  }
}
