import { inspect as textOf } from "node:util";
import type { InspectedField, InspectedSession } from "@sessgen/runtime";
import { exitCodes, SessgenError } from "../../errors.js";
import { withStore } from "../../live/open-store.js";
import { fieldsAside } from "../../live/quarantine.js";
import { decoded, type SelectionOptions, select } from "../../live/stored-sessions.js";
import { loadTarget, type TargetOptions } from "../../live/target.js";
import { catalog } from "../catalog.js";
import { hasColors } from "../colors.js";
import type { Io } from "../io.js";
import type { Reporter } from "../report.js";
import { whyText } from "../why-text.js";

/** Options of `sessgen inspect`. */
export interface InspectOptions extends TargetOptions, Omit<SelectionOptions, "except"> {}

/**
 * Shows stored sessions, decoded, and changes nothing. What is marked `redact`, and the id, are
 * never shown.
 * @throws SessgenError `inspect/…`, `backend/…`
 */
export async function inspect(options: InspectOptions, io: Io, report: Reporter): Promise<number> {
  const target = await loadTarget(options, io, report, catalog);
  const selection = await select(options, target);
  const print = (session: InspectedSession): void => {
    const colors = hasColors(io.env, io.stdout);
    for (const line of linesOf(session, colors)) report.line(line);
  };
  return withStore(target, async (store) => {
    const sessions = await decoded(target, store, selection);
    const printAll = (found: readonly InspectedSession[], what: string): number => {
      report.data("count", found.length);
      report.data("sessions", found.map(plainOf));
      report.line(`${found.length} ${what}${found.length === 1 ? "" : "s"}`);
      for (const session of found) {
        report.line("");
        print(session);
      }
      return exitCodes.ok;
    };
    if ("path" in selection) {
      const found: InspectedSession[] = [];
      for await (const session of sessions.findBy(selection.path, selection.value)) found.push(session);
      return printAll(found, "session");
    }
    const keys = [selection.key, ...selection.earlier];
    let session: InspectedSession | undefined;
    for (const key of keys) session ??= await sessions.read(key);
    if (session === undefined && options.quarantined) {
      const fields: InspectedSession[] = [];
      for (const key of await fieldsAside(target, store, keys)) {
        const kept = await sessions.read(key);
        if (kept !== undefined) fields.push(kept);
      }
      if (fields.length > 0) return printAll(fields, "field");
    }
    if (session === undefined) throw new SessgenError("inspect/not-found", "There is no such session");
    report.data("session", plainOf(session));
    print(session);
    if (session.content === undefined)
      throw new SessgenError("inspect/unreadable", "What is stored for the session cannot be decoded");
    return exitCodes.ok;
  });
}

function linesOf(session: InspectedSession, colors: boolean): string[] {
  const { key, content, expiresAt, bytes, version } = session;
  const rows: [string, string][] = [["key", key]];
  if (content !== undefined) rows.push(["created", whenText(content.createdAt)]);
  rows.push(["expires", whenText(expiresAt)]);
  if (content !== undefined) rows.push(["permanent", content.permanent ? "yes" : "no"]);
  rows.push(["format", formText(session)], ["bytes", String(bytes)], ["version", version]);
  if (session.why !== undefined) rows.push(["why", whyText(session.why)]);
  const lines = table(rows);
  if (content === undefined) return lines;
  const { fields, unknown, unknownSlots } = content;
  lines.push(fields.length === 0 ? "no fields" : "fields");
  const values = fields.map((field): [string, string] => [field.name, valueText(field, colors)]);
  lines.push(...table(values).map((line) => `  ${line}`));
  // Names come from whoever wrote the payload: control characters must not reach the terminal.
  const others = unknown.map((name) => textOf(name));
  if (unknownSlots > 0) others.push(`${unknownSlots} slot${unknownSlots === 1 ? "" : "s"}`);
  if (others.length > 0) lines.push(`not in the schema: ${others.join(", ")}`);
  return lines;
}

/** The format, and what is around it: `json, compressed, encrypted`. */
function formText({ format, isCompressed, isEncrypted }: InspectedSession): string {
  const unknown = isEncrypted ? "unknown" : "none that is known";
  return [
    format ?? unknown,
    ...(isCompressed ? ["compressed"] : []),
    ...(isEncrypted ? ["encrypted"] : []),
  ].join(", ");
}

function valueText(field: InspectedField, colors: boolean): string {
  if (field.state === "redacted") return "[redacted]";
  if (field.state === "unreadable") return `[unreadable: ${whyText(field.why)}]`;
  return textOf(field.value, { colors, depth: null, maxArrayLength: null, maxStringLength: null });
}

/** Names and values in two columns; a value of several lines stays in its own. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
  return rows.flatMap(([name, value]) =>
    value.split("\n").map((line, number) => `${(number === 0 ? name : "").padEnd(width)}${line}`),
  );
}

function whenText(date: Date): string {
  return `${date.toISOString()} (${distanceText(date.getTime() - Date.now())})`;
}

/** Milliseconds from now in the largest unit that fits: `in 27 minutes`. */
function distanceText(milliseconds: number): string {
  const format = new Intl.RelativeTimeFormat("en");
  for (const [unit, size] of [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
  ] as const) {
    if (Math.abs(milliseconds) >= size) return format.format(Math.trunc(milliseconds / size), unit);
  }
  return format.format(Math.trunc(milliseconds / 1000), "second");
}

function plainOf(session: InspectedSession): object {
  const { content, expiresAt, format, ...rest } = session;
  return {
    ...rest,
    format: format ?? null,
    expiresAt: expiresAt.toISOString(),
    ...(content && {
      createdAt: content.createdAt.toISOString(),
      permanent: content.permanent,
      fields: Object.fromEntries(
        content.fields.flatMap((field) => (field.state === "readable" ? [[field.name, field.plain]] : [])),
      ),
      redacted: content.fields.filter(({ state }) => state === "redacted").map(({ name }) => name),
      unreadable: Object.fromEntries(
        content.fields.flatMap((field) => (field.state === "unreadable" ? [[field.name, field.why]] : [])),
      ),
      unknown: content.unknown,
      unknownSlots: content.unknownSlots,
    }),
  };
}
