import type { CustomSerializer } from "../../codec/record/record.js";
import { idPattern } from "../../crypto/id.js";
import { SessionError } from "../../errors.js";
import type { SessionStore } from "../../stores/store.js";
import type { Clock } from "../../time/clock.js";
import type { TransportOption } from "../../transports/options.js";

/**
 * Parts of the machinery that an application brings itself: what the module named by `parts` in `session.config.ts` exports, under
 * these names and no others. What is not there stays as it is.
 */
export interface SessionParts {
  /**
   * Makes session ids: 43 characters of base64url. Default: 256 bits from the CSPRNG. With fewer random bits, or from another source, ids
   * can be guessed, and whoever guesses one is logged in as its user.
   */
  readonly generateId?: (() => string) | undefined;
  /**
   * Makes of an id the key that its session is stored under: 43 characters of base64url, always the same for an id. Default: SHA-256. What
   * can be turned back lets whoever reads the store, or a backup of it, take sessions over; HMAC-SHA-256 with a secret of yours is
   * stronger. Another one makes everybody a stranger, and the commands of sessgen then find sessions by `--key` and not by id.
   */
  readonly deriveKey?: ((id: string) => string) | undefined;
  /** The current time in milliseconds. Default `Date.now`. A clock that stands still ends no session. */
  readonly clock?: Clock | undefined;
  /** What sessions are written in, in place of `serializer` of the config. What it throws away is gone. */
  readonly serializer?: CustomSerializer | undefined;
  /** How sessions travel, in place of `transport` of the config. */
  readonly transport?: TransportOption | readonly TransportOption[] | undefined;
  /**
   * Where sessions are kept, in place of `backend` of the config, which the commands of sessgen go on using. Test yours with `testStore` of
   * `@sessgen/runtime/testing`: one whose conditional writes are not atomic loses changes.
   */
  readonly store?: SessionStore | (() => SessionStore) | undefined;
}

const known: { readonly [Part in keyof Required<SessionParts>]: true } = {
  generateId: true,
  deriveKey: true,
  clock: true,
  serializer: true,
  transport: true,
  store: true,
};

/** What Node adds to a CommonJS module that is imported as a whole. */
const added = new Set(["default", "module.exports", "__esModule"]);

/**
 * Takes the parts from what a module exports.
 * @throws SessionError `session/invalid-part` for a name that is none: a misspelt part would go unnoticed
 */
export function partsOf(exported: SessionParts = {}): SessionParts {
  const { generateId, deriveKey, ...parts } = exported;
  const stray = Object.keys(parts).find((name) => !(name in known || added.has(name)));
  if (stray !== undefined)
    throw invalid(`The module of parts exports ${JSON.stringify(stray)}, and there is no such part`);
  return {
    ...parts,
    ...(generateId && { generateId: () => checked("generateId", generateId()) }),
    ...(deriveKey && { deriveKey: (id) => checked("deriveKey", deriveKey(id)) }),
  };
}

/** Both are what every store and transport can hold; what else they gave might come to the same for two sessions. */
function checked(part: string, text: string): string {
  if (idPattern.test(text)) return text;
  throw invalid(`${part} gave something other than 43 characters of base64url`);
}

function invalid(summary: string): SessionError {
  return new SessionError("session/invalid-part", summary);
}
