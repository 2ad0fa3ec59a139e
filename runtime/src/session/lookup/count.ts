import type { FieldDefinition } from "../../codec/definition.js";
import { readBeginning } from "../../codec/record/packed.js";
import { ahead } from "../../stores/shared/ahead.js";
import type { FoundBeginning } from "../../stores/store.js";
import type { SessionContext } from "../context/options.js";
import { isSessionKey } from "../records/keys.js";
import { certainPages, indexOf, type Sought } from "./candidates.js";

/**
 * How many bytes of a payload hold the head of a packed session, unless its slots go far beyond a
 * hundred.
 */
const BEGINNING = 64;

/**
 * Counts the sessions that certainly have the value. Where the store itself says of each state that
 * it has, no session is decoded: whether it has ended, or was revoked with all others, stands in
 * the first bytes of it.
 * @throws SessionError as `candidates`
 */
export async function count(context: SessionContext, sought: Sought): Promise<number> {
  if (context.missing !== undefined) throw context.missing;
  const counted = await countByBeginnings(context, sought);
  if (counted !== undefined) return counted;
  let count = 0;
  for await (const page of certainPages(context, sought)) count += page.length;
  return count;
}

/** Counts them without decoding; `undefined` where the beginning of one does not tell enough. */
async function countByBeginnings(
  context: SessionContext,
  { path, value }: Sought,
): Promise<number | undefined> {
  const [field, index] = indexOf(context, path);
  if (!tellsByBeginnings(context, field)) return undefined;
  const known = await context.indexes.of(index);
  if (known.state !== "final") return undefined;
  const names = known.before === undefined ? [index.name] : [index.name, known.before];
  const texts = names.flatMap((name) =>
    context.texts.textsOf({ ...index, name }, value).map((text) => [name, text] as const),
  );
  // For a single text, the store names no session twice.
  const seen = texts.length > 1 ? new Set<string>() : undefined;
  let count = 0;
  for (const [name, text] of texts) {
    for await (const page of ahead(context.store.findBeginnings(name, text, BEGINNING))) {
      const now = context.clock();
      for (const session of page) {
        const judged = isCounted(context, session, now);
        // Hardly ever a promise, and waiting costs more than looking at the session.
        const counts = judged instanceof Promise ? await judged : judged;
        if (counts === undefined) return undefined;
        if (counts && !seen?.has(session.key)) {
          seen?.add(session.key);
          count += 1;
        }
      }
    }
  }
  return count;
}

/**
 * Whether the first bytes of this application's sessions say enough: they are not encrypted as a
 * whole, no field ends before its session, and there are no keys of before.
 */
function tellsByBeginnings(
  { serializer, encryption, previous, store }: SessionContext,
  { ttl }: FieldDefinition,
): boolean {
  return (
    serializer === "packed" &&
    encryption === undefined &&
    ttl === undefined &&
    store.can("findBeginnings") &&
    !(previous ?? []).some(({ isOther }) => isOther)
  );
}

/** Whether it is a session that goes on; `undefined`: somebody has to decode it. */
function isCounted(
  context: SessionContext,
  { key, beginning }: FoundBeginning,
  now: number,
): boolean | undefined | Promise<boolean> {
  if (!isSessionKey(key)) return false;
  const read = readBeginning(beginning, context.history);
  if (read === undefined) return undefined;
  const { createdAt, permanent, isTrace } = read;
  const { absolute } = permanent ? context.lifetime.permanent : context.lifetime;
  if (isTrace || now >= createdAt + absolute) return false;
  const over = context.epoch.isOver(read);
  return typeof over === "boolean" ? !over : over.then((isOver) => !isOver);
}
