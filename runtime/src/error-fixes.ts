import { fixWith, type RuntimeErrorCode, statusOf } from "./errors.js";

/** How to mend each error, in one sentence. */
const fixes: Readonly<Record<RuntimeErrorCode, string>> = {
  "cookie/invalid-option":
    "Change the cookie options in session.config.ts as the message says and run sessgen again.",
  "cookie/weak-secret": "Use at least 32 random characters, for example from `openssl rand -base64 32`.",
  "encryption/no-secret":
    'Give `encryption: { secrets: [env("SESSION_ENCRYPTION_SECRET")] }` in session.config.ts and run sessgen again.',
  "encryption/weak-secret": "Use at least 32 random characters, for example from `openssl rand -base64 32`.",
  "env/missing":
    "Set the variable before starting the application; docs/guides/environment.md says how each framework reads .env.",
  "field/invalid":
    "Validate the value before assigning it, or widen the field's schema and run sessgen again; for what a client sent, `$accept()` makes it a 400.",
  "field/unknown":
    'Add the field to the schema and run sessgen, or correct its name; for middleware written for express-session, `compat: "express-session"` with a `bag` has a place for fields that no schema names.',
  "schema/missing": "Export the schema from that module as default or under the name `schema`.",
  "session/conflict":
    "Let the client try again; if it happens often, write the session less, or give the contended field a merge policy.",
  "session/disabled":
    "Write only where the request has a session (`$isDisabled` tells), or narrow what `skip` says.",
  "session/fixed-cookie":
    'Change `cookie` or `lifetime` in session.config.ts and run sessgen; for times of a session\'s own, give the glue a `bag` beside `compat: "express-session"`.',
  "session/gone": "Nothing to mend on the server: the client's next request begins a new session.",
  "session/headers-sent":
    "Log users in and begin sessions before the first byte of the response; what a session on its way may still change, save with `$commit()`.",
  "session/index-not-final":
    "Run `npx sessgen migrate`, and `npx sessgen migrate --after-deploy` once no older deploy runs.",
  "session/invalid-part":
    "Export only what `SessionParts` names from that module, and let `generateId` give 22 to 86 characters of base64url and `deriveKey` 43; call the function that the message names.",
  "session/lock-unclear":
    "Look at the session anew before doing again what must be done once; what must be certain beyond the session, such as a payment, needs a key of its own that makes it happen once.",
  "session/locked": "Let the client try again; do less inside of $lock, or give it a longer `wait`.",
  "session/moved":
    "Nothing to mend on the server: let the client try again with the cookie that it has by now.",
  "session/name-taken":
    "Mount one of the two, or give these sessions another `name` in session.config.ts, so that they have a place of their own on requests.",
  "session/no-application":
    "Run `npx sessgen` and import what it emits; code of your own gives `application` of sessgen.lock.json.",
  "session/no-compat":
    'Give the Express glue `compat: "express-session"`, or use what the session has instead: `$regenerate`, `$commit`, `$destroy`, `$reload`, `$touch`.',
  "session/no-compression":
    "Leave `compression` out: sessions that travel in cookies are never compressed, and elsewhere it takes node:zlib.",
  "session/no-lock": "Choose a backend that has them, or bring changes together with a merge policy.",
  "session/no-lookup":
    "Give the field `index: true` under `fields` in session.config.ts and run sessgen; choose a backend that supports it.",
  "session/no-previous":
    "Leave `previous` out: cookies that are sealed for another application or installation begin anew.",
  "session/no-revoke-all":
    "Change the secrets of the cookie, or empty the store; or choose a backend that has such writes.",
  "session/null-session":
    "Bring the store back, or set what the message says is missing; until then, do without the session in this request.",
  "session/prerendered":
    "Render the page on demand, or read the session only where it is not prerendered; in Astro a server island of a prerendered page has it, too.",
  "session/read-only":
    "Write where the framework can still set a cookie: in Next.js in a Server Action, a Route Handler or the proxy.",
  "session/replaced": "Use `request.session`, and not what it was before.",
  "session/substitute":
    'Let the client try again: what could not be read is set aside where `onUnreadable` says so, and may then be replaced; where a field is to begin anew at once, `session.$reset("name")`.',
  "session/too-large":
    "Keep less in the field that the message names: identifiers instead of what they stand for; or allow more with `maxBytes`.",
  "session/unclear":
    "Look at the fields that the message names, which show what is stored (in the client's next request, where the session got a new id meanwhile), and decide; if it happens often, look at the network between the application and the backend.",
  "session/unknown-environment":
    "Set NODE_ENV to one of the names in session.config.ts, or add a backend for it.",
  "session/weak-id": "Give `id: { bytes: 32 }`, or leave it out.",
  "store/closed": "Close the store only after the last request has been answered.",
  "store/denied": "Check the credentials; `npx sessgen verify` says which permission is missing.",
  "store/failed-module":
    "Start the process anew; have the module export a client that connects when it is first used, without a top-level `await`.",
  "store/full": "Give the backend more room, delete expired sessions, or keep less in the session.",
  "store/invalid-expiry": "Give `cookie.expires` a date, or nothing; look at what computes `cookie.maxAge`.",
  "store/locked": "Keep transactions in that process short, or allow more time.",
  "store/missing-driver": "Install the package that the message names in the application.",
  "store/no-database":
    "Correct the database's name in the address, or create it: `npx sessgen migrate` makes tables.",
  "store/not-migrated": "Run `npx sessgen migrate`; `npx sessgen verify` says what is different from it.",
  "store/read-only": "Point the store at a writable backend, or grant write permission.",
  "store/timeout":
    "Look at the backend's load and at the network between it and the application, or allow more time with storeTimeout.",
  "store/too-large":
    "Keep less in the session: identifiers instead of what they stand for; or choose a backend with a higher limit.",
  "store/unavailable":
    "See the error's cause; check that the backend runs, is reachable, and accepts the credentials.",
  "testing/in-production": "Import testing.ts in tests only; under NODE_ENV production it keeps no sessions.",
  "transport/invalid-option":
    "Change `transport` in session.config.ts as the message says and run sessgen again.",
};

// Only here on purpose. The package says that its modules have no effects, so bundlers drop this
// one with its texts where nobody asks for the registry; Node loads it together with `index.ts`.
fixWith(fixes);

/** What the registry says about one error. */
export interface ErrorEntry {
  /** The HTTP status a framework should answer with when nothing handles the error. */
  readonly status: number;
  /** How to mend it, in one sentence. */
  readonly fix: string;
}

/** Every error the runtime throws, by its stable code. */
export const runtimeErrors: Readonly<Record<RuntimeErrorCode, ErrorEntry>> = Object.fromEntries(
  Object.entries(fixes).map(([code, fix]) => [code, { status: statusOf(code as RuntimeErrorCode), fix }]),
) as Record<RuntimeErrorCode, ErrorEntry>;
