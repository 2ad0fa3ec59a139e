import type { SessionStore } from "../../runtime/src/index.js";
import { type HammeredSessions, type House, openSessions } from "../session.js";

const FORUM = "n1QbZ4hUc7vYt2RkXe9Wsg";
const SHOP = "Q7mPz0dKfLw3nVbTyHs5Ag";
const EMPTY = "b8ZrC1xJu6EoWi4NqMl2Dg";

/** Two applications, each installed twice, on one store. */
const houses: readonly House[] = [
  { application: FORUM },
  { application: FORUM, realm: "staging" },
  { application: SHOP },
  { application: SHOP, realm: "staging" },
];
/** How many houses there are: an element's remainder says whose it is. */
export const HOUSES: number = houses.length;

/**
 * Lives so long, in milliseconds: its sessions are over when the run ends, and left for sweeping.
 */
const SHORT = 50;
const SHORT_SESSIONS = 3;

/** All that keep their sessions in one store. */
export interface Town {
  /** Of each house the processes that serve it; they share nothing but the store. */
  readonly servers: readonly (readonly HammeredSessions[])[];
  /**
   * Has a house that has no sessions, beside others that have, do all that ends sessions.
   * @returns what it found that cannot be its own
   */
  leaveAlone(labels: readonly string[]): Promise<string | undefined>;
}

/** Opens two servers of each house. */
export async function settleTown(store: SessionStore): Promise<Town> {
  const servers = houses.map((house) => [openSessions(store, house), openSessions(store, house)]);
  const empty = openSessions(store, { application: EMPTY });
  const short = openSessions(store, { application: EMPTY, realm: "short", lifetime: SHORT });
  return {
    servers,
    async leaveAlone(labels) {
      for (let each = 0; each < SHORT_SESSIONS; each += 1) {
        const session = await short.open(undefined);
        session.count += 1;
        await session.$commit();
      }
      await new Promise((resolve) => setTimeout(resolve, SHORT * 2));
      const swept = await empty.sweep();
      if (swept > 0) return `${swept} sessions of others were swept`;
      await empty.revokeAll();
      for (const label of labels) {
        const ended = await empty.destroyBy("label", label);
        if (ended > 0) return `${ended} sessions of others were ended by their label`;
      }
      return undefined;
    },
  };
}
