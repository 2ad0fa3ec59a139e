import { KnownHistory } from "../../codec/record/history.js";
import { type Identity, identityOf } from "../../crypto/identity.js";
import { secretsOf } from "../../crypto/secrets.js";
import { SessionError } from "../../errors.js";
import type { Encryption, SessionEncryption } from "../records/encryption.js";
import { IndexTexts } from "../records/index-texts.js";
import { handedOver } from "./handed-over.js";
import type { SessionContext, SessionsOptions } from "./options.js";

/** What records are read and written with. */
export type RecordContext = Pick<SessionContext, "fields" | "history" | "identity" | "texts" | "encryption">;

/** The options that {@link recordContext} looks at; the same as the application's own. */
export type RecordOptions = Pick<
  SessionsOptions,
  "application" | "realm" | "name" | "fields" | "history" | "encryption" | "cookie"
>;

/**
 * Finds out whose sessions the options are of. Throws what the function throws that gives the
 * realm.
 * @throws SessionError `session/no-application`
 */
export function resolveIdentity({
  application,
  realm,
  name,
}: Pick<RecordOptions, "application" | "realm" | "name">): Identity {
  // Code that no compiler has seen may lack it: its sessions would be anybody's.
  if (typeof application !== "string" || application === "")
    throw new SessionError("session/no-application", "There is no application id");
  return identityOf({ application, realm: typeof realm === "function" ? realm() : realm, name });
}

/**
 * Fills in what records are read and written with, for sessions and for tools alike.
 * @throws SessionError `env/missing`, `encryption/weak-secret`, `encryption/no-secret`,
 *   `session/invalid-part`
 */
export function recordContext(options: RecordOptions, identity: Identity): RecordContext {
  const { fields, history, encryption } = options;
  const secrets = [
    ...(encryption === undefined ? [] : whole(encryption).secrets()),
    ...secretsOf(options.cookie?.secrets ?? []),
  ];
  return {
    identity,
    fields,
    history: new KnownHistory(history, fields),
    texts: new IndexTexts(identity, secrets),
    ...encryptionOf(options, identity),
  };
}

/** Refuses options alone: code that no compiler has seen would have its sessions in plain text. */
function whole(encryption: SessionEncryption): SessionEncryption {
  return handedOver(encryption, "of", "encryption", "encryptWith");
}

function encryptionOf(
  { encryption, fields }: RecordOptions,
  identity: Identity,
): { readonly encryption?: Encryption } {
  if (encryption !== undefined) return { encryption: encryption.of(fields, identity) };
  const field = fields.find(({ encrypt }) => encrypt);
  if (field === undefined) return {};
  throw new SessionError(
    "encryption/no-secret",
    `The field ${field.name} is to be encrypted, and there is no secret`,
  );
}
