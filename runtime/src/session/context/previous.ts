import { type Identity, identityOf, keyMaker } from "../../crypto/identity.js";
import type { StoreAccess } from "../lifecycle/store-access.js";
import { noIndexValues } from "../records/index-values.js";
import { Epoch } from "./epoch.js";
import type { SessionsOptions } from "./options.js";
import { deriveWith, type KeyOwner } from "./parts.js";
import { type RecordContext, recordContext } from "./record-context.js";

/** How keys were made before. What is not named was as it is now. */
export interface PreviousKeys {
  /** The application's id. */
  readonly application?: string;
  /** The installation; `""`: there was none. */
  readonly realm?: string | (() => string);
  /** The kind of sessions; `""`: the usual one. */
  readonly name?: string;
  /** `deriveKey` of the parts; `"standard"`: there was none. */
  readonly deriveKey?: "standard" | ((id: string, of: KeyOwner) => string);
}

/** Where sessions lie that were written with other keys, and what they are read with. */
export interface Previous extends Pick<RecordContext, "identity" | "texts" | "encryption"> {
  /** Another application, installation or kind; otherwise only `deriveKey` was another. */
  readonly isOther: boolean;
  readonly epoch: Epoch;
  /** The key that the session of an id is stored under. */
  readonly keyOf: (id: string) => string;
}

/** Gives the identities of before, and what keys are made of them. */
export function previousIdentities(
  options: SessionsOptions,
): readonly { readonly identity: Identity; readonly given: SessionsOptions; readonly keys: PreviousKeys }[] {
  return (options.previous ?? []).map((keys) => {
    const { deriveKey: _, ...names } = keys;
    const given = { ...options, ...names };
    const { application, realm, name } = given;
    const identity = identityOf({ application, realm: typeof realm === "function" ? realm() : realm, name });
    return { identity, given, keys };
  });
}

/**
 * Makes what sessions are read with that lie under keys of before.
 * @throws SessionError `encryption/…`; what the functions throw that give realms
 */
export function previousOf(
  options: SessionsOptions,
  store: StoreAccess,
  clock: () => number,
  today: Identity,
): readonly Previous[] {
  return previousIdentities(options).map(({ identity, given, keys }) => {
    const { texts, encryption } = recordContext(given, identity);
    const derive = keys.deriveKey ?? options.parts?.deriveKey ?? "standard";
    return {
      identity,
      isOther: identity.text !== today.text,
      texts,
      ...(encryption && { encryption }),
      epoch: new Epoch(store, clock, noIndexValues(options.fields), identity.tag),
      keyOf: derive === "standard" ? keyMaker(identity) : deriveWith(derive, identity, given),
    };
  });
}
