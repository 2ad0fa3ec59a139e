import type { Identity } from "../../crypto/identity.js";
import type { Encryption } from "../records/encryption.js";
import type { IndexTexts } from "../records/index-texts.js";
import type { Epoch } from "./epoch.js";
import type { KeyOwner } from "./parts.js";

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
export interface Previous {
  readonly identity: Identity;
  readonly texts: IndexTexts;
  readonly encryption?: Encryption;
  /** Another application, installation or kind; otherwise only `deriveKey` was another. */
  readonly isOther: boolean;
  readonly epoch: Epoch;
  /** The key that the session of an id is stored under. */
  readonly keyOf: (id: string) => string;
}
