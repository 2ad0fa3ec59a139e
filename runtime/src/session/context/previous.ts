import { type Identity, identityOf, keyMaker } from "../../crypto/identity.js";
import type { StoreAccess } from "../lifecycle/store-access.js";
import { noIndexValues } from "../records/index-values.js";
import { Epoch } from "./epoch.js";
import type { SessionsOptions } from "./options.js";
import { deriveWith } from "./parts.js";
import type { Previous, PreviousKeys } from "./previous-keys.js";
import { recordContext } from "./record-context.js";

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
      epoch: new Epoch(store, clock, noIndexValues(options.fields), { application: identity.tag }),
      keyOf: derive === "standard" ? keyMaker(identity) : deriveWith(derive, identity, given),
    };
  });
}
