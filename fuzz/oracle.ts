import { inspect } from "node:util";
import { type SessionBase, SessionError } from "@sessgen/runtime";
import { VICTIM, type World } from "./target.js";

/** An attack that succeeded. */
class Broken extends Error {
  override readonly name = "Broken";
}

/**
 * What `$commit()` is documented to throw when stored data are not what the schema says, or gone,
 * or too large for a cookie, or unreadable and about to be replaced, or when another node may be
 * able to read what this one cannot.
 */
const documented = new Set([
  "field/invalid",
  "session/conflict",
  "session/gone",
  "session/moved",
  "session/substitute",
  "store/too-large",
]);

const members = Object.getOwnPropertyNames(Object.prototype).length;

/** Throws unless that holds. */
export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}

/** What `$commit()` gives back; nothing when it fails as it is documented to. */
export async function committed(session: SessionBase): Promise<readonly string[] | undefined> {
  try {
    const cookies = await session.$commit();
    for (const cookie of cookies)
      holds(/^[\x20-\x7e]{1,4300}$/.test(cookie), "a Set-Cookie header can hold what was sent");
    return cookies;
  } catch (error) {
    holds(error instanceof SessionError && documented.has(error.code), `$commit() throws ${String(error)}`);
    holds(!/[\0-\x1f\x7f-\x9f\u2028\u2029]/.test(error.message), "an error has no control characters");
    return undefined;
  }
}

/** The session shows nothing of the victim's, however it is looked at. */
export function isNobodyElses<S extends SessionBase>(
  session: S,
  { victim }: World<S>,
  thorough: boolean,
): void {
  holds(session.$id !== victim.id, "a session has the victim's id");
  const shown = JSON.stringify(session, (_key, value) => (typeof value === "bigint" ? `${value}` : value));
  holds(!shown.includes(VICTIM), "a session shows the victim's data");
  if (!thorough) return;
  const inspected = inspect(session, { depth: 20, showHidden: true });
  holds(!inspected.includes(VICTIM), "inspect shows the victim's data");
  holds(session.$id === undefined || !inspected.includes(session.$id), "inspect shows the id");
}

/** After every attack: the victim's session is what it was, and so is JavaScript. */
export async function nothingHappened<S extends SessionBase>({
  counted,
  victim,
  victimPayload,
  attacker,
}: World<S>): Promise<void> {
  const stored = await counted.store.read(victim.key);
  holds(
    stored !== undefined && Buffer.compare(stored.payload, victimPayload) === 0,
    "the victim's session was changed",
  );
  holds(
    !("polluted" in {}) && Object.getOwnPropertyNames(Object.prototype).length === members,
    "the prototype was polluted",
  );
  const operations = await counted.forget(attacker.key);
  holds(operations <= 16, `one attack took ${operations} operations of the store`);
}
