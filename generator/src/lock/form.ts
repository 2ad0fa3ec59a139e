import { createRequire } from "node:module";
import { z } from "zod";
import { SessgenError } from "../errors.js";
import type { Allocation } from "./lock.js";
import type { Side } from "./sides.js";

const require: NodeJS.Require = createRequire(import.meta.url);

/** The version of the lock's form. */
export const VERSION = 2;

/** A lock as it is written. */
export interface LockForm {
  readonly version: typeof VERSION;
  readonly application: string;
  readonly log: readonly Allocation[];
  /**
   * By path; key and type are those of the allocation where they are not given, and its key is the
   * path.
   */
  readonly slots: Readonly<Record<string, SlotForm>>;
  readonly snapshot?: Readonly<Record<string, unknown>> | undefined;
}

/** What is written of an entry. */
export interface SlotForm {
  readonly slot: number;
  readonly key?: string | undefined;
  readonly type?: string | undefined;
  readonly retired?: true | undefined;
  readonly before?: number | undefined;
  readonly name?: string | undefined;
}

const slot: z.ZodType<number> = z.int().min(0);
const form: z.ZodType<LockForm> = z.strictObject({
  version: z.literal(VERSION),
  application: z.string().regex(/^[A-Za-z0-9_-]{22}$/, "expected 22 characters of base64url"),
  log: z.array(z.strictObject({ key: z.string(), slot, type: z.string(), generation: z.int().min(1) })),
  slots: z.record(
    z.string(),
    z.strictObject({
      slot,
      key: z.string().optional(),
      type: z.string().optional(),
      retired: z.literal(true).optional(),
      before: slot.optional(),
      name: z.string().optional(),
    }),
  ),
  snapshot: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Takes a side for a lock.
 * @throws SessgenError `lock/unreadable` with the line
 */
export function formOf(side: Side, file: string): LockForm {
  const json = parse(side, file);
  const version: unknown = Reflect.get(Object(json), "version");
  if (Number.isSafeInteger(version) && version !== VERSION) {
    const fix =
      Number(version) > VERSION
        ? "A newer sessgen wrote it: update sessgen."
        : "It is of a sessgen that was never released. Delete it and run npx sessgen: stored sessions begin anew.";
    const { line } = lineOf(side, ["version"]);
    throw unreadable(file, line, `it has version ${String(version)}, and this sessgen knows ${VERSION}`, fix);
  }
  const result = form.safeParse(json);
  const [issue] = result.error?.issues ?? [];
  if (issue !== undefined) {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    throw unreadable(
      file,
      lineOf(side, path).line,
      `${path.join(".") || "the whole"}: ${issue.message.replace(/^Invalid input: /, "")}`,
    );
  }
  const lock = json as LockForm;
  const seen = new Set<string>();
  for (const [index, { key, slot, generation }] of lock.log.entries()) {
    const name = JSON.stringify([key, slot]);
    const before = lock.log[index - 1]?.generation ?? 1;
    if (!seen.has(name) && generation >= before) {
      seen.add(name);
      continue;
    }
    const why = seen.has(name)
      ? `${key} got slot ${slot} twice`
      : `generation ${generation} comes after ${before}`;
    throw unreadable(file, lineOf(side, ["log", index]).line, why);
  }
  return lock;
}

function parse(side: Side, file: string): unknown {
  try {
    return JSON.parse(side.text);
  } catch {
    const { parse: parseLoosely, printParseErrorCode } = jsonc();
    const errors: import("jsonc-parser").ParseError[] = [];
    parseLoosely(side.text, errors);
    const [error] = errors;
    const line = error && side.lines[side.text.slice(0, error.offset).split("\n").length - 1];
    const why = error === undefined ? "it is no JSON" : `it is no JSON (${printParseErrorCode(error.error)})`;
    throw unreadable(file, line, why);
  }
}

/** Finds the line of what stands at the path, or of what is nearest around it. */
export function lineOf(
  { text, lines }: Side,
  path: readonly (string | number)[],
): { readonly line?: number } {
  const { findNodeAtLocation, parseTree } = jsonc();
  const root = parseTree(text);
  if (root === undefined) return {};
  for (let length = path.length; length >= 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node === undefined) continue;
    const line = lines[text.slice(0, node.offset).split("\n").length - 1];
    return line === undefined ? {} : { line };
  }
  return {};
}

/** Loaded only when there is something to report. */
function jsonc(): typeof import("jsonc-parser") {
  return require("jsonc-parser") as typeof import("jsonc-parser");
}

/** Makes the error of a lock that cannot be read. */
export function unreadable(file: string, line: number | undefined, why: string, fix?: string): SessgenError {
  return new SessgenError("lock/unreadable", `${file} cannot be read: ${why}`, {
    where: { file, ...(line === undefined ? {} : { line }) },
    ...(fix === undefined ? {} : { fix }),
  });
}
