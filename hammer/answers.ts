import { SessionError } from "../runtime/src/index.js";
import type { Outcome } from "./history.js";
import { storeFailed } from "./meanwhile.js";
import type { Random } from "./random.js";
import type { Session } from "./session.js";

/** How a request ended, with all that the application did after errors. */
export interface Ending {
  readonly outcome: Outcome;
  /** Its client was told that nobody knows. */
  readonly unclear?: true;
  /** After an error something was committed once more. */
  readonly again?: true;
  /** It was refused, and an operation of the store failed meanwhile. */
  readonly storeFailed?: true;
}

/** How often an application tries again. */
const RETRIES = 3;

/**
 * What an error says about the request.
 * @throws what is no answer to a client, but a fault of the hammer's or of the runtime's
 */
export function refusal(error: unknown): Outcome {
  if (!(error instanceof SessionError)) throw error;
  if (error.code === "session/gone" || error.code === "session/moved") return "gone";
  if (isUnclear(error)) return "unknown";
  if (error.code === "session/conflict" || error.code === "session/locked") return "conflict";
  if (error.code.startsWith("store/")) return "unknown";
  throw error;
}

function isUnclear(error: unknown): boolean {
  return (
    error instanceof SessionError &&
    (error.code === "session/unclear" || error.code === "session/lock-unclear")
  );
}

/**
 * Does something with a session, and after a failure what applications do: nothing, the same again,
 * or a commit, as by the handler of the error. Whatever was acknowledged in the end is done.
 */
export async function seeThrough(
  session: Session,
  operate: () => Promise<unknown>,
  random: Random,
): Promise<Ending> {
  try {
    await operate();
    return { outcome: "done" };
  } catch (error) {
    const outcome = refusal(error);
    if (outcome !== "unknown") return { outcome, ...(storeFailed() && { storeFailed: true }) };
    const after = random.pick(["nothing", "again", "handler"]);
    if (after === "nothing") return { outcome, ...(isUnclear(error) && { unclear: true }) };
    // Nobody will know any more: what is acknowledged from now on is something else.
    if (isUnclear(error)) {
      await session.$commit().catch(refusal);
      return { outcome, unclear: true, again: true };
    }
    return goOn(after === "again" ? operate : () => session.$commit(), after === "again" ? RETRIES : 1);
  }
}

/** Some attempt may have done it before this one was refused. */
async function goOn(operate: () => Promise<unknown>, attempts: number): Promise<Ending> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      await operate();
      return { outcome: "done", again: true };
    } catch (error) {
      if (isUnclear(error)) return { outcome: "unknown", unclear: true, again: true };
      if (refusal(error) !== "unknown") break;
    }
  }
  return { outcome: "unknown", again: true };
}

/**
 * Works under the lock. What has failed there is undone or kept by the next commit, and no
 * acknowledgement of it.
 */
export async function seeLockThrough(
  session: Session,
  work: () => Promise<void>,
  options: { readonly lease: number; readonly wait: number },
  random: Random,
): Promise<Ending> {
  try {
    await session.$lock(work, options);
    return { outcome: "done" };
  } catch (error) {
    const outcome = refusal(error);
    if (outcome === "unknown" && random.below(2) === 0) await session.$commit().catch(refusal);
    return { outcome, ...(isUnclear(error) && { unclear: true }) };
  }
}
