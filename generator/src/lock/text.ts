import { SessgenError } from "../errors.js";
import { formOf, lineOf, unreadable, VERSION } from "./form.js";
import { JsonMap, type JsonNode, jsonText } from "./json-text.js";
import type { Allocation, Lock, LockEntry } from "./lock.js";
import { type Merged, mergeSides } from "./merge.js";
import { sidesOf } from "./sides.js";
import type { Snapshot, SnapshotValue } from "./snapshot.js";

/**
 * Prints the lock, deterministically, as prettier does. An allocation and an entry take a line each
 * as long as they have room, for those who read what changed.
 */
export function printLock({ application, log, entries, snapshot }: Lock): string {
  const slots = [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, entry]) => [path, entryNode(path, entry)] as const);
  return jsonText(
    new JsonMap(
      [
        ["version", VERSION],
        ["application", application],
        ["log", log.map(allocationNode)],
        ["slots", new JsonMap(slots, { spread: true })],
        ["snapshot", snapshot && snapshotNode(snapshot, 2)],
      ],
      { spread: true },
    ),
  );
}

function allocationNode({ key, slot, type, generation }: Allocation): JsonNode {
  return new JsonMap(Object.entries({ key, slot, type, generation }));
}

/** Says only what the allocation does not, which key and slot name. */
function entryNode(path: string, { allocation, type, retired, before, name }: LockEntry): JsonNode {
  return new JsonMap([
    ["slot", allocation.slot],
    ["key", allocation.key === path ? undefined : allocation.key],
    ["type", allocation.type === type ? undefined : type],
    ["retired", retired || undefined],
    ["before", before],
    ["name", name],
  ]);
}

/** The outermost levels are spread over lines of their own. */
function snapshotNode(value: SnapshotValue, spread: number): JsonNode {
  if (typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => snapshotNode(item, 0));
  return new JsonMap(
    Object.entries(value).map(([name, member]) => [name, snapshotNode(member, spread - 1)]),
    { spread: spread > 0 },
  );
}

function isList(value: SnapshotValue): value is readonly SnapshotValue[] {
  return Array.isArray(value);
}

/** How {@link readLock} reads. */
export interface ReadOptions {
  /** Paths that are about to get a fresh slot, since they were never deployed. */
  readonly renumber?: readonly string[];
  /** The log that is deployed, if that is known: the one that goes on where git left a conflict. */
  readonly deployed?: readonly Allocation[] | undefined;
}

/** What was read of both sides of a conflict. */
export interface ReadLock extends Pick<Merged, "behind" | "taken"> {
  readonly lock: Lock;
}

/**
 * Reads a lock. Where git left both sides of a conflict, both are read as what they are, and what
 * either gave out is taken; two entries that got the same slot are found when the lock is applied.
 *
 * @throws SessgenError `lock/unreadable` with the line; `lock/two-applications`
 */
export function readLock(text: string, file: string, options: ReadOptions = {}): Lock {
  return readSides(text, file, options).lock;
}

/** Reads as {@link readLock} does, and says what became of the side that does not go on. */
export function readSides(text: string, file: string, options: ReadOptions): ReadLock {
  const [first, ...others] = sidesOf(text).map((side) => ({ side, form: formOf(side, file) }));
  if (first === undefined) throw unreadable(file, 1, "there is nothing in it");
  const other = others.find(({ form }) => form.application !== first.form.application);
  if (other !== undefined) {
    throw new SessgenError(
      "lock/two-applications",
      `${file} has two application ids: ${first.form.application} and ${other.form.application}`,
      { where: { file, ...lineOf(first.side, ["application"]) } },
    );
  }
  const forms = [first, ...others].map(({ form }) => form);
  const { renumber = [], deployed } = options;
  const merged = mergeSides(forms, { renumber, deployed });
  const { log, entries, dangling, base = first.form, behind, taken } = merged;
  if (dangling !== undefined) {
    const { line } = lineOf(first.side, ["slots", dangling]);
    throw unreadable(file, line, `the log has no slot of that number for ${dangling}`);
  }
  const { application, snapshot } = base;
  return {
    lock: { application, log, entries, ...(snapshot && { snapshot: snapshot as Snapshot }) },
    ...(behind && { behind }),
    ...(taken && { taken }),
  };
}
