import type { Artifact } from "../../../output/artifact.js";
import { splitStatements } from "../statements.js";
import { snapshotAfter } from "./drizzle-snapshot.js";
import { drizzleTables } from "./drizzle-tables.js";
import type { Layout, LayoutContext, Step } from "./layout.js";

const JOURNAL = "meta/_journal.json";

/** A line of Drizzle's journal. */
interface Entry {
  readonly idx: number;
  readonly version: string;
  readonly when: number;
  readonly tag: string;
  readonly breakpoints: boolean;
}

interface Journal {
  readonly version: string;
  readonly dialect: string;
  readonly entries: readonly Entry[];
}

/**
 * Drizzle: `drizzle-kit migrate` reads the journal and applies, in one transaction for all, what
 * has a later time than the last one applied. `drizzle-kit generate` compares the schema with the
 * last of its own snapshots, which therefore has to know our tables, too.
 */
export const drizzle: Layout = {
  command: "npx drizzle-kit migrate",
  oneTransaction: true,
  reads: ["meta/"],
  snapshot: (name) => `${name}.snapshot.json`,
  files: async ({ name, up, down }, { folder, aside }) => [
    {
      path: `${folder}/${name}.sql`,
      content: `${(splitStatements(up).length === 0 ? [up.trim()] : splitStatements(up)).join("\n--> statement-breakpoint\n")}\n`,
      kind: "once",
    },
    { path: `${aside}/down/${name}.sql`, content: down, kind: "once" },
  ],
  common: async (steps, context) => {
    const { folder, there } = context;
    const before = journalOf(context);
    const journal = withSteps(before, steps, context);
    const text = there.texts.get(JOURNAL);
    const isSame = text !== undefined && journal.entries.length === before.entries.length;
    return [
      ...snapshotsOf(steps, journal, context),
      {
        path: `${folder}/${JOURNAL}`,
        // Drizzle's own file stays as Drizzle wrote it.
        content: isSame ? text : `${JSON.stringify(journal, undefined, 2)}\n`,
        kind: "shared",
      },
    ];
  },
  model: (tables, { dialect, output, language }) => ({
    path: `${output}/drizzle.${language === "typescript" ? "ts" : "mjs"}`,
    content: drizzleTables(dialect, tables, language),
    kind: "owned",
  }),
};

const versions: Readonly<Record<string, string>> = { postgresql: "7", mysql: "5", sqlite: "6" };

function journalOf({ dialect, there }: LayoutContext): Journal {
  try {
    const journal: Journal = JSON.parse(there.texts.get(JOURNAL) ?? "");
    if (Array.isArray(journal.entries)) return journal;
  } catch {
    // There is none yet, or git left a conflict in it, which Drizzle refuses, too.
  }
  return { version: "7", dialect: dialect.toolName, entries: [] };
}

/** Enters what is not entered behind all there is: Drizzle passes over what is not the latest. */
function withSteps(journal: Journal, steps: readonly Step[], { dialect, there }: LayoutContext): Journal {
  const entries = [...journal.entries];
  for (const { name: tag, isNew } of steps) {
    if (entries.some((entry) => entry.tag === tag)) continue;
    if (!isNew && !there.names.includes(`${tag}.sql`)) continue;
    const latest = Math.max(0, ...entries.map(({ when }) => when));
    const when = Math.max(there.now, latest + 1);
    const version = entries.at(-1)?.version ?? versions[dialect.toolName] ?? "7";
    entries.push({ idx: (entries.at(-1)?.idx ?? -1) + 1, version, when, tag, breakpoints: true });
  }
  return { ...journal, entries };
}

/** A snapshot in Drizzle's form for each new migration, on top of the last one there is. */
function snapshotsOf(
  steps: readonly Step[],
  { entries }: Journal,
  { dialect, folder, there }: LayoutContext,
): Artifact[] {
  const names = [...there.texts.keys()].filter((name) => /\/\d+_snapshot\.json$/.test(name));
  let last = there.texts.get(names.sort().at(-1) ?? "");
  return steps.flatMap(({ name, snapshot, isNew }, position): Artifact[] => {
    const entry = entries.find(({ tag }) => tag === name);
    if (!isNew || entry === undefined) return [];
    const before = steps[position - 1]?.snapshot.tables ?? [];
    last = snapshotAfter(dialect.toolName, last, before, snapshot.tables);
    const path = `${folder}/meta/${String(entry.idx).padStart(4, "0")}_snapshot.json`;
    return [{ path, content: last, kind: "once" }];
  });
}
