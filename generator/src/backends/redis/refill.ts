import type { SessionStore } from "@sessgen/runtime";
import { SessgenError } from "../../errors.js";
import { withBreaks } from "../../live/breaks.js";
import { emittedIndexValues, type IndexReader, isDone, unreadableNote } from "../../live/emitted-fields.js";
import { interruptedPass } from "../../live/interrupted.js";
import type { MigrateRequest, Target } from "../../live/live.js";
import { withStore } from "../../live/open-store.js";
import { ownSessions } from "../../live/own-sessions.js";
import { progressOf } from "../../live/progress.js";
import { keyPattern, prefixOf } from "./commands.js";
import { type RedisNode, refusal } from "./connection.js";
import { runOf, totalOf } from "./servers.js";

/** How many keys a server looks at in one go, so that others get their turn: in a millisecond. */
const PAGE = 300;

/** How many sessions are under way at once. */
const AT_ONCE = 20;

/** How often it is noted how far a pass is, in milliseconds. */
const NOTE_EVERY = 2000;

/** Where a pass is on each server: by its run, the cursor, or `end`. */
type Position = Readonly<Record<string, string>>;

/**
 * Enters every session of the application into the sets of what it is found by, beside traffic:
 * each is written as it was, on the condition that it still is that. Interrupted, it goes on where
 * it was, as long as the servers were not started anew since: then their cursors mean nothing.
 * @returns false when there is more to do, with the secrets
 */
export async function refill(
  target: Target,
  nodes: readonly RedisNode[],
  request: MigrateRequest,
): Promise<boolean> {
  const valuesOf = await emittedIndexValues(target);
  const own = await ownSessions(target);
  const prefix = prefixOf(target);
  const counts = { entered: 0, seen: 0, unreadable: 0 };
  const primaries = nodes.filter(({ replica }) => !replica);
  const beside = withBreaks(request.share);
  const goal = JSON.stringify([target.indexes, request.afterDeploy === true]);
  await withStore(target, async (store) => {
    const pass = await interruptedPass<Position>(target, store, goal);
    let position: Position = pass.position ?? {};
    const progress = progressOf({
      say: request.progress,
      what: "keys",
      total: Object.keys(position).length > 0 ? undefined : await totalOf(primaries),
    });
    let noted = 0;
    const page = async (names: readonly string[]): Promise<void> => {
      const keys = names.map((name) => name.slice(prefix.length)).filter(own.has);
      for (let i = 0; i < keys.length; i += AT_ONCE) {
        const some = keys.slice(i, i + AT_ONCE);
        for (const what of await Promise.all(some.map((key) => enter(store, key, valuesOf)))) {
          if (what === "gone") continue;
          counts.seen += 1;
          if (what !== "without") counts[what] += 1;
        }
      }
    };
    for (const node of primaries) {
      const run = await runOf(node);
      const from = (run !== undefined && position[run]) || "0";
      if (from === "end") continue;
      for await (const { names, cursor } of scan(node, prefix + own.prefix, from)) {
        await beside(() => page(names));
        progress.add(PAGE, `${counts.entered} sessions entered`);
        // Behind a session that takes a secret nobody goes on without it.
        if (run === undefined || !isDone(target, counts.unreadable)) continue;
        position = { ...position, [run]: cursor === "0" ? "end" : cursor };
        if (cursor !== "0" && Date.now() - noted < NOTE_EVERY) continue;
        noted = Date.now();
        await pass.note(position);
      }
    }
    if (isDone(target, counts.unreadable)) await pass.end();
  });
  const unreadable = unreadableNote(target, counts.unreadable);
  request.progress(`${counts.entered} of ${counts.seen} sessions entered${unreadable}`);
  return isDone(target, counts.unreadable);
}

/** Enters one session; somebody who writes it meanwhile goes first. */
async function enter(
  store: SessionStore,
  key: string,
  valuesOf: IndexReader,
): Promise<"entered" | "gone" | "unreadable" | "without"> {
  let stored = await store.read(key);
  while (stored !== undefined) {
    const { payload, version, expiresAt } = stored;
    const index = valuesOf(payload, key);
    if (index === undefined) return "unreadable";
    if (Object.values(index).every((value) => value === null)) return "without";
    const result = await store.write(key, payload, { expect: version, expiresAt, index });
    if (result.ok) return "entered";
    stored = result.current;
  }
  return "gone";
}

/** Names of one server, and where it goes on behind them; `0`: nowhere. */
export interface Scanned {
  readonly names: readonly string[];
  readonly cursor: string;
}

/**
 * Gives the names with that prefix on one server that are not those of sets, a page at a time; some
 * may come twice.
 * @param from - the cursor of a page before
 */
export async function* scan(node: RedisNode, prefix: string, from = "0"): AsyncGenerator<Scanned> {
  let cursor = from;
  do {
    const words = [
      "SCAN",
      cursor,
      "MATCH",
      `${keyPattern(prefix)}*`,
      "COUNT",
      String(PAGE),
      "TYPE",
      "string",
    ];
    const [next, names] = (await permitted(node.send(...words), node)) as [string, readonly string[]];
    cursor = String(next);
    // The pattern is wider than a prefix with spaces.
    const own = names.filter((name) => name.startsWith(prefix) && !name.startsWith(`${prefix}by:`));
    yield { names: own, cursor };
  } while (cursor !== "0");
}

async function permitted(reply: Promise<unknown>, { address }: RedisNode): Promise<unknown> {
  try {
    return await reply;
  } catch (cause) {
    if (refusal(cause)?.startsWith("NOPERM") !== true) throw cause;
    throw new SessgenError("migrate/failed", `The user may not send SCAN to Redis at ${address}`, {
      fix: "Run this command with the address of a user that may do what users.acl says and SCAN.",
      cause,
    });
  }
}
