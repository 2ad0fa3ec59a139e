import { viewOf } from "../../codec/packed/part.js";
import { formerValue, unmade } from "../../codec/record/former.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { SessionError } from "../../errors.js";
import { digestOf, isTold } from "../records/told.js";
import { whyUnread } from "../records/why-unread.js";
import { type Change, type Packed, samePacked } from "./change.js";
import type { Replaced } from "./replaced.js";
import type { SessionState } from "./state.js";

/** Kept beside the errors, and not in them: whoever logs one must not log a session. */
const replacedBy = new WeakMap<object, readonly Replaced[]>();

/** Gives what the error is about; `undefined`: it is of another kind. */
export function replacedIn(error: unknown): readonly Replaced[] | undefined {
  return typeof error === "object" && error !== null ? replacedBy.get(error) : undefined;
}

/**
 * Tells what of a session's stored values that cannot be read a change would replace.
 * @param theirs - what is stored of the field
 */
export function replacedOf(record: SessionRecord, change: Change, theirs: Packed): Replaced | undefined {
  const { field, base, unread } = change;
  if (theirs === undefined) return undefined;
  const isBase = samePacked(theirs, base);
  if (isBase ? unread === undefined : whyUnread(field, viewOf(theirs)) === undefined) return undefined;
  const refused = !mayReplace(change, isBase);
  if (theirs.bytes !== unmade) return { field, slot: field.slot, bytes: viewOf(theirs), record, refused };
  // The old one that none of today's could be made of stays beside a new one, unless that is
  // written in its place, too.
  const former = formerValue(record, field);
  if (former === undefined || (change.mine !== undefined && !former.isReplaced)) return undefined;
  return { field, slot: former.slot, bytes: former.bytes, record, refused };
}

/**
 * Lets values that cannot be read be replaced, once they are set aside or a change of them was
 * refused.
 * @throws SessionError `session/substitute`, which {@link replacedIn} knows
 */
export function guardUnread(state: SessionState, replaced: readonly Replaced[]): void {
  const open = replaced.filter((one) => {
    return one.refused ? !isTold(one.record, one) : !state.replacing.isAside(digestOf(one));
  });
  state.replacing.now = replaced;
  if (open.length === 0) return;
  const refused = open.filter((one) => one.refused).map(({ field }) => field.name);
  const error = new SessionError(
    "session/substitute",
    `What is stored of ${refused.join(", ")} cannot be read, and was to be replaced by what was made without it`,
  );
  replacedBy.set(error, open);
  throw error;
}

/**
 * Whether what is stored can give way at once: to a removal, to what it was given up for, and to a
 * value that the application made without having been shown anything in its place. A field with a
 * merge policy never gives way to a value that was made of another one.
 *
 * @param isBase - it is what this request began with, and not what another one has stored since
 */
function mayReplace({ field, mine, unread, assigned }: Change, isBase: boolean): boolean {
  if (mine === undefined || unread === "given-up") return true;
  if (isBase) return unread === "unseen";
  const { merge = "last-write-wins", flash } = field;
  return assigned === true && merge === "last-write-wins" && flash !== "list";
}
