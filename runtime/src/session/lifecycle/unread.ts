import { contended } from "../context/refusals.js";
import { quarantineField } from "../records/quarantine.js";
import { digestOf, isTold, withTold } from "../records/told.js";
import type { Replaced } from "../state/replaced.js";
import type { SessionState } from "../state/state.js";
import { replacedIn } from "../state/unread.js";
import { newMark } from "./marks.js";
import { draftOf, foundAs, put, storedAs } from "./write.js";

/**
 * Sets stored values aside that cannot be read and were to be replaced: then the commit is tried
 * again. What was made of a substitute is not saved before the next request: that may know what it
 * does.
 *
 * @param error - what the commit has thrown; where it is `session/substitute`, nothing was saved
 * @param count - how often this was done before
 * @throws SessionError `session/substitute`; `store/…` where something cannot be set aside; the
 *   error where it is another one
 */
export async function setAsideUnread(state: SessionState, error: unknown, count: number): Promise<void> {
  const replaced = replacedIn(error);
  if (replaced === undefined) throw error;
  await setAside(state, replaced);
  const refused = replaced.filter((one) => one.refused);
  if (refused.length > 0) {
    await tell(state, refused);
    publish(state, refused, "refused");
    throw error;
  }
  if (count >= state.context.maxConflicts) throw contended();
}

/** Publishes what a commit has replaced that could not be read. */
export function publishReplaced(state: SessionState): void {
  publish(state, state.replacing.now, "replaced");
}

async function setAside(state: SessionState, replaced: readonly Replaced[]): Promise<void> {
  const { context, stored } = state;
  if (stored === undefined) return;
  for (const one of replaced) {
    await quarantineField(context, stored.key, one);
    if (!one.refused) state.replacing.setAside(digestOf(one));
  }
}

/**
 * Notes in the session that changes of these values were refused, and saves nothing else. The
 * request goes on from what it knows: whatever it commits with the same changes is refused again.
 */
async function tell(state: SessionState, refused: readonly Replaced[]): Promise<void> {
  const { context, answer } = state;
  let theirs = state.stored;
  for (let count = 0; theirs !== undefined && count <= context.maxConflicts; count += 1) {
    const { record, version } = theirs;
    const open = refused
      // Others may have replaced it by now.
      .filter((unread) => Buffer.compare(record.fields.get(unread.slot) ?? none, unread.bytes) === 0)
      .filter((unread) => !isTold(record, unread));
    if (open.length === 0) return;
    const draft = draftOf(state, theirs, { record: withTold(record, open), mark: newMark(), before: theirs });
    const result = await put(state, draft, version);
    if (result.ok) {
      // A session in its cookie has to come back from the browser.
      if (answer.carries) answer.handOut(storedAs(draft, result.version));
      return;
    }
    if (result.current === undefined) return;
    theirs = foundAs(context, theirs, result.current);
    if (theirs.record.trace !== undefined) return;
  }
}

const none = new Uint8Array();

function publish(
  { context }: SessionState,
  replaced: readonly Replaced[],
  outcome: "refused" | "replaced",
): void {
  const kept = context.quarantine !== undefined;
  for (const { field } of replaced)
    context.events.publish("substitute", { field: field.name, outcome, kept });
}
