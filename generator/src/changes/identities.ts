import type { Comparison } from "./comparison.js";
import type { Found } from "./rule.js";
import { type PreviousForm, textName } from "./snapshot-form.js";
import type { State } from "./state.js";

/** What keys are made of besides the id. */
interface Identity {
  readonly application: string;
  readonly realm: string;
  readonly name: string;
}

/**
 * Tells what becomes of a change of identity where `previous` has to do with it: the newer version
 * finds what the older one stored, and the older one what the newer one did.
 */
export function followed({ before, after }: Comparison): Pick<Found, "class" | "steps" | "loss" | "instead"> {
  if (!looksFor(after, before)) return {};
  if (looksFor(before, after)) return { class: "safe" };
  return {
    class: "step",
    steps: ["two-deploys"],
    loss: {
      what: "the session as a whole, on the older version",
      who: "users whose session the newer version has written, or begun",
      until: "no older version runs any more",
    },
    instead:
      "First a release with `previous` naming the coming identity; when it runs everywhere, change over.",
  };
}

/** Tells whether sessions of another identity are looked for, too. */
function looksFor(state: State, other: State): boolean {
  const wanted = JSON.stringify(identityOf(other));
  return (state.snapshot.previous ?? []).some(
    // Whether a function derives the same keys, the lock does not know.
    (previous) => previous.deriveKey === undefined && JSON.stringify(formerly(state, previous)) === wanted,
  );
}

function identityOf({ lock, snapshot }: State): Identity {
  return {
    application: lock.application,
    realm: textName(snapshot.realm),
    name: textName(snapshot.name),
  };
}

/** What is left out was as it is now, and `""` says that there was none. */
function formerly(state: State, { application, realm, name }: PreviousForm): Identity {
  const now = identityOf(state);
  return {
    application: application ?? now.application,
    realm: realm === undefined ? now.realm : textName(realm === "" ? undefined : realm),
    name: name === undefined ? now.name : textName(name === "" ? undefined : name),
  };
}
