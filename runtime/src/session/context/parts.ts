import type { CustomSerializer } from "../../codec/record/record.js";
import { idPattern } from "../../crypto/id.js";
import type { Identity } from "../../crypto/identity.js";
import { SessionError } from "../../errors.js";
import type { SessionStore } from "../../stores/store.js";
import type { Clock } from "../../time/clock.js";
import type { TransportOption } from "../../transports/options.js";

/**
 * Parts of the machinery that an application brings itself: what the module named by `parts` in
 * `session.config.ts` exports, under these names and no others. What is not there stays as it is.
 */
export interface SessionParts {
  /**
   * Makes session ids: 22 to 86 characters of base64url. Default: 256 bits from the CSPRNG. With
   * fewer than 128 random bits, or from another source, ids can be guessed, and whoever guesses one
   * is logged in as its user.
   */
  readonly generateId?: (() => string) | undefined;
  /**
   * Makes of an id what its session is stored under, behind the tag that tells applications apart:
   * 43 characters of base64url, always the same for an id. Default: SHA-256 of application, realm,
   * kind and id. What can be turned back lets whoever reads the store, or a backup of it, take
   * sessions over; HMAC-SHA-256 with a secret of yours is stronger. Another one makes everybody a
   * stranger, and the commands of sessgen then find sessions by `--key` and not by id.
   */
  readonly deriveKey?: ((id: string, of: KeyOwner) => string) | undefined;
  /**
   * The current time in milliseconds. Default `Date.now`. A clock that stands still ends no
   * session.
   */
  readonly clock?: Clock | undefined;
  /**
   * What sessions are written in, in place of `serializer` of the config. What it throws away is
   * gone.
   */
  readonly serializer?: CustomSerializer | undefined;
  /** How sessions travel, in place of `transport` of the config. */
  readonly transport?: TransportOption | readonly TransportOption[] | undefined;
  /**
   * Where sessions are kept, in place of `backend` of the config, which the commands of sessgen go
   * on using. Test yours with `testStore` of `@sessgen/runtime/testing`: one whose conditional
   * writes are not atomic loses changes.
   */
  readonly store?: SessionStore | (() => SessionStore) | undefined;
  /**
   * Is told of errors that reach nobody, such as a commit that failed where the host has no error
   * handler. Default: `console.error`.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Whose key is made. */
export interface KeyOwner {
  /** The application's random id, from the lock. */
  readonly application: string;
  /** Of the kind of sessions, where there are several. */
  readonly name: string | undefined;
}

const known: { readonly [Part in keyof Required<SessionParts>]: true } = {
  generateId: true,
  deriveKey: true,
  clock: true,
  serializer: true,
  transport: true,
  store: true,
  onError: true,
};

/** What Node adds to a CommonJS module that is imported as a whole. */
const added = new Set(["default", "module.exports", "__esModule"]);

/**
 * Takes the parts from what a module exports.
 * @throws SessionError `session/invalid-part` for a name that is none: a misspelt part would go
 *   unnoticed
 */
export function partsOf(exported: SessionParts = {}): SessionParts {
  const { generateId, ...parts } = exported;
  const stray = Object.keys(parts).find((name) => !(name in known || added.has(name)));
  if (stray !== undefined)
    throw invalid(`The module of parts exports ${JSON.stringify(stray)}, and there is no such part`);
  return {
    ...parts,
    ...(generateId && {
      generateId: () => {
        const id = generateId();
        if (idPattern.test(id)) return id;
        throw invalid("generateId gave something other than 22 to 86 characters of base64url");
      },
    }),
  };
}

/**
 * Has a function of the application's own make the keys, behind the tag. What else it gave might
 * come to the same for two sessions.
 */
export function deriveWith(
  deriveKey: (id: string, of: KeyOwner) => string,
  { tag }: Identity,
  { application, name }: { readonly application: string; readonly name?: string },
): (id: string) => string {
  return (id) => {
    const text = deriveKey(id, { application, name });
    if (keyPattern.test(text)) return `${tag}.${text}`;
    throw invalid("deriveKey gave something other than 43 characters of base64url");
  };
}

/** What every store can hold, and what is told from all that is kept beside the sessions. */
const keyPattern = /^[A-Za-z0-9_-]{43}$/;

function invalid(summary: string): SessionError {
  return new SessionError("session/invalid-part", summary);
}
