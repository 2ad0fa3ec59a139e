import type { IdentityNames, SessionStore, StoredSession } from "@sessgen/runtime";
import { z } from "zod";

/**
 * The key of the list of applications. What stands before its dot is no application's tag: those
 * have 8 characters.
 */
export const APPLICATIONS = "sessgen.applications";

const DAY = 86_400_000;
/**
 * For how long an application is remembered that no command was run for: as long as permanent
 * sessions last unless told otherwise.
 */
const REMEMBERED = 90 * DAY;
/** How old an entry may be before it is renewed. */
const RENEWED = DAY;
/** How often the list is written anew while others write it, too. */
const ATTEMPTS = 10;

/** An application that enters itself in the list. */
export interface Applicant extends IdentityNames {
  /** Of the application, its realm and the kind of its sessions. */
  readonly tag: string;
  /** What the package.json beside the config says. */
  readonly package: string;
}

/** A package that uses the store. */
export interface ApplicationEntry extends Applicant {
  /** When it was entered; milliseconds since the Unix epoch. */
  readonly since: number;
  /** When it was last seen. */
  readonly seen: number;
}

const listSchema = z.array(
  z.object({
    tag: z.string(),
    application: z.string(),
    realm: z.string().exactOptional(),
    name: z.string().exactOptional(),
    package: z.string(),
    since: z.number(),
    seen: z.number(),
  }),
);

/** What stands under the key of the list and is none. */
export class UnreadableList extends Error {}

/**
 * Enters an application in the list of those that use the store. Nobody who looks for sessions
 * meets the list.
 * @returns the others; who has the same tag is another package of the same application
 * @throws UnreadableList; what the store throws
 */
export async function enterApplication(
  store: SessionStore,
  applicant: Applicant,
  now: number = Date.now(),
): Promise<readonly ApplicationEntry[]> {
  let stored = await store.read(APPLICATIONS);
  for (let attempt = 1; ; attempt += 1) {
    const before = entriesIn(stored).filter(({ seen }) => seen > now - REMEMBERED);
    const own = before.find((entry) => isOf(entry, applicant));
    const others = before.filter((entry) => entry !== own);
    if (own !== undefined && own.seen > now - RENEWED) return others;
    const entries = [...others, { ...applicant, since: own?.since ?? now, seen: now }];
    const result = await store.write(APPLICATIONS, Buffer.from(JSON.stringify(entries)), {
      expect: stored?.version ?? "absent",
      expiresAt: now + REMEMBERED,
    });
    // That others write it all the while is no reason to fail: it is tried again the next time.
    if (result.ok || attempt === ATTEMPTS) return others;
    stored = result.current;
  }
}

/** Gives the applications in the list. @throws UnreadableList; what the store throws */
export async function listedApplications(store: SessionStore): Promise<readonly ApplicationEntry[]> {
  return entriesIn(await store.read(APPLICATIONS));
}

function isOf(entry: ApplicationEntry, applicant: Applicant): boolean {
  return entry.tag === applicant.tag && entry.package === applicant.package;
}

function entriesIn(stored: StoredSession | undefined): readonly ApplicationEntry[] {
  if (stored === undefined) return [];
  try {
    return listSchema.parse(JSON.parse(Buffer.from(stored.payload).toString()));
  } catch {
    throw new UnreadableList("The list of applications in the store is none");
  }
}
