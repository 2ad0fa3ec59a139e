// Written by `npm run registries` from what is beside this file. Do not edit.
import type { Rule } from "../rule.js";
import { applicationChanged } from "./application-changed.js";
import { backendAddressChanged } from "./backend-address-changed.js";
import { backendChanged } from "./backend-changed.js";
import { backendMoved } from "./backend-moved.js";
import { backendSecretsChanged } from "./backend-secrets-changed.js";
import { bagChanged } from "./bag-changed.js";
import { becameOptional } from "./became-optional.js";
import { becameRequired } from "./became-required.js";
import { bindingChanged } from "./binding-changed.js";
import { capacityChanged } from "./capacity-changed.js";
import { checksLoosened } from "./checks-loosened.js";
import { checksTightened } from "./checks-tightened.js";
import { compressionChanged } from "./compression-changed.js";
import { cookieAttributesChanged } from "./cookie-attributes-changed.js";
import { cookieMoved } from "./cookie-moved.js";
import { cookieRenamed } from "./cookie-renamed.js";
import { cookieSecretsChanged } from "./cookie-secrets-changed.js";
import { cookieSignatureChanged } from "./cookie-signature-changed.js";
import { cookieSigned } from "./cookie-signed.js";
import { cookieUnsigned } from "./cookie-unsigned.js";
import { defaultChanged } from "./default-changed.js";
import { encryptionSecretsChanged } from "./encryption-secrets-changed.js";
import { fieldAdded } from "./field-added.js";
import { fieldEncrypted } from "./field-encrypted.js";
import { fieldRemoved } from "./field-removed.js";
import { fieldRenamed } from "./field-renamed.js";
import { fieldUnencrypted } from "./field-unencrypted.js";
import { flashChanged } from "./flash-changed.js";
import { idBytesChanged } from "./id-bytes-changed.js";
import { identityChanged } from "./identity-changed.js";
import { indexAdded } from "./index-added.js";
import { indexHashed } from "./index-hashed.js";
import { indexKeyChanged } from "./index-key-changed.js";
import { indexReadded } from "./index-readded.js";
import { indexRemoved } from "./index-removed.js";
import { indexRenamed } from "./index-renamed.js";
import { keysDropped } from "./keys-dropped.js";
import { keysKept } from "./keys-kept.js";
import { keysRetyped } from "./keys-retyped.js";
import { kindRenamed } from "./kind-renamed.js";
import { lifetimeExtended } from "./lifetime-extended.js";
import { lifetimeShortened } from "./lifetime-shortened.js";
import { lockEdited } from "./lock-edited.js";
import { lockForked } from "./lock-forked.js";
import { lockReverted } from "./lock-reverted.js";
import { maxBytesChanged } from "./max-bytes-changed.js";
import { memberAdded } from "./member-added.js";
import { memberRemoved } from "./member-removed.js";
import { mergeChanged } from "./merge-changed.js";
import { nullAllowed } from "./null-allowed.js";
import { nullForbidden } from "./null-forbidden.js";
import { partsChanged } from "./parts-changed.js";
import { payloadEncrypted } from "./payload-encrypted.js";
import { payloadUnencrypted } from "./payload-unencrypted.js";
import { plainRefused } from "./plain-refused.js";
import { previousAdded } from "./previous-added.js";
import { previousRemoved } from "./previous-removed.js";
import { propertyAdded } from "./property-added.js";
import { propertyAddedRequired } from "./property-added-required.js";
import { propertyRemoved } from "./property-removed.js";
import { readConsistencyChanged } from "./read-consistency-changed.js";
import { realmChanged } from "./realm-changed.js";
import { regenerateChanged } from "./regenerate-changed.js";
import { renamedWithoutWas } from "./renamed-without-was.js";
import { schemaModuleChanged } from "./schema-module-changed.js";
import { serializerChanged } from "./serializer-changed.js";
import { storeErrorChanged } from "./store-error-changed.js";
import { transportAdded } from "./transport-added.js";
import { transportRemoved } from "./transport-removed.js";
import { ttlChanged } from "./ttl-changed.js";
import { typeChanged } from "./type-changed.js";
import { unreadableChanged } from "./unreadable-changed.js";
import { unsignedRefused } from "./unsigned-refused.js";
import { variantAdded } from "./variant-added.js";
import { variantRemoved } from "./variant-removed.js";
import { visibilityChanged } from "./visibility-changed.js";

/** Every rule, by its id. */
export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["application-changed", applicationChanged],
  ["backend-address-changed", backendAddressChanged],
  ["backend-changed", backendChanged],
  ["backend-moved", backendMoved],
  ["backend-secrets-changed", backendSecretsChanged],
  ["bag-changed", bagChanged],
  ["became-optional", becameOptional],
  ["became-required", becameRequired],
  ["binding-changed", bindingChanged],
  ["capacity-changed", capacityChanged],
  ["checks-loosened", checksLoosened],
  ["checks-tightened", checksTightened],
  ["compression-changed", compressionChanged],
  ["cookie-attributes-changed", cookieAttributesChanged],
  ["cookie-moved", cookieMoved],
  ["cookie-renamed", cookieRenamed],
  ["cookie-secrets-changed", cookieSecretsChanged],
  ["cookie-signature-changed", cookieSignatureChanged],
  ["cookie-signed", cookieSigned],
  ["cookie-unsigned", cookieUnsigned],
  ["default-changed", defaultChanged],
  ["encryption-secrets-changed", encryptionSecretsChanged],
  ["field-added", fieldAdded],
  ["field-encrypted", fieldEncrypted],
  ["field-removed", fieldRemoved],
  ["field-renamed", fieldRenamed],
  ["field-unencrypted", fieldUnencrypted],
  ["flash-changed", flashChanged],
  ["id-bytes-changed", idBytesChanged],
  ["identity-changed", identityChanged],
  ["index-added", indexAdded],
  ["index-hashed", indexHashed],
  ["index-key-changed", indexKeyChanged],
  ["index-readded", indexReadded],
  ["index-removed", indexRemoved],
  ["index-renamed", indexRenamed],
  ["keys-dropped", keysDropped],
  ["keys-kept", keysKept],
  ["keys-retyped", keysRetyped],
  ["kind-renamed", kindRenamed],
  ["lifetime-extended", lifetimeExtended],
  ["lifetime-shortened", lifetimeShortened],
  ["lock-edited", lockEdited],
  ["lock-forked", lockForked],
  ["lock-reverted", lockReverted],
  ["max-bytes-changed", maxBytesChanged],
  ["member-added", memberAdded],
  ["member-removed", memberRemoved],
  ["merge-changed", mergeChanged],
  ["null-allowed", nullAllowed],
  ["null-forbidden", nullForbidden],
  ["parts-changed", partsChanged],
  ["payload-encrypted", payloadEncrypted],
  ["payload-unencrypted", payloadUnencrypted],
  ["plain-refused", plainRefused],
  ["previous-added", previousAdded],
  ["previous-removed", previousRemoved],
  ["property-added", propertyAdded],
  ["property-added-required", propertyAddedRequired],
  ["property-removed", propertyRemoved],
  ["read-consistency-changed", readConsistencyChanged],
  ["realm-changed", realmChanged],
  ["regenerate-changed", regenerateChanged],
  ["renamed-without-was", renamedWithoutWas],
  ["schema-module-changed", schemaModuleChanged],
  ["serializer-changed", serializerChanged],
  ["store-error-changed", storeErrorChanged],
  ["transport-added", transportAdded],
  ["transport-removed", transportRemoved],
  ["ttl-changed", ttlChanged],
  ["type-changed", typeChanged],
  ["unreadable-changed", unreadableChanged],
  ["unsigned-refused", unsignedRefused],
  ["variant-added", variantAdded],
  ["variant-removed", variantRemoved],
  ["visibility-changed", visibilityChanged],
]);
