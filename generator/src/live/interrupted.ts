import type { SessionStore } from "@sessgen/runtime";
import type { Target } from "./live.js";
import { tagOf } from "./own-sessions.js";

/**
 * For how long it is remembered where a pass was interrupted, in milliseconds. No longer: who takes
 * an index out of the config and back in has sessions on both sides of the position that lack it.
 */
const REMEMBERED = 3_600_000;

/** Where a pass over stored sessions is, so that one that was interrupted goes on. */
export interface InterruptedPass<Position> {
  /** Where the last run was interrupted; `undefined` where it has to begin at the beginning. */
  readonly position: Position | undefined;
  note(position: Position): Promise<void>;
  /** Forgets it: the pass is through. */
  end(): Promise<void>;
}

/**
 * Reads where a pass was interrupted. It is noted in the store itself, where any machine goes on;
 * what stands before the dot of its key is no application's tag: those have 8 characters.
 * @param goal - what the pass is for: with another one it begins anew
 */
export async function interruptedPass<Position>(
  target: Target,
  store: SessionStore,
  goal: string,
): Promise<InterruptedPass<Position>> {
  const key = `sessgen.refill-${await tagOf(target)}`;
  const stored = await store.read(key);
  return {
    position: positionIn<Position>(stored?.payload, goal),
    async note(position) {
      const payload = Buffer.from(JSON.stringify({ goal, position }));
      await store.write(key, payload, { expect: "any", expiresAt: Date.now() + REMEMBERED });
    },
    async end() {
      await store.remove(key);
    },
  };
}

function positionIn<Position>(payload: Uint8Array | undefined, wanted: string): Position | undefined {
  if (payload === undefined) return undefined;
  try {
    const { goal, position } = JSON.parse(Buffer.from(payload).toString());
    return goal === wanted ? position : undefined;
  } catch {
    // Of another version of sessgen: it begins anew, which costs time alone.
    return undefined;
  }
}
