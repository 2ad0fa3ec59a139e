import type { ToolFolder } from "./layouts/layout.js";

/** Gives the number of the migration that is so many after the next one. */
export type Numbering = (offset: number) => string;

/**
 * Numbers migrations in a folder of ours.
 * @param count - the migrations there are
 */
export function counted(count: number): Numbering {
  return (offset) => String(count + offset + 1).padStart(4, "0");
}

/**
 * Numbers migrations behind what is in the user's own history, in the way that is used there: tools
 * run them by number, and some pass over what comes late.
 *
 * @param style - of the first one, where the folder is empty
 */
export function following({ names, now }: ToolFolder, style: "counter" | "time"): Numbering {
  const numbers = names.flatMap((name) => /^V?(\d+)/.exec(name)?.[1] ?? []);
  const last = numbers.reduce((one, other) => (BigInt(other) >= BigInt(one) ? other : one), "");
  if (last.length >= 14 || (last === "" && style === "time")) {
    const begin = [now, timeOf(last) + 1000].reduce((one, other) => Math.max(one, other || 0));
    return (offset) => stamp(begin + offset * 1000);
  }
  const next = last === "" ? 0n : BigInt(last) + 1n;
  return (offset) => String(next + BigInt(offset)).padStart(last === "" ? 4 : last.length, "0");
}

/** `20260131120000` in milliseconds since the epoch; not a number, where it is no such time. */
function timeOf(digits: string): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(digits) ?? [];
  const [year = Number.NaN, month = 1, ...rest] = parts.map(Number);
  return Date.UTC(year, month - 1, ...rest);
}

function stamp(time: number): string {
  return new Date(time).toISOString().replace(/\D/g, "").slice(0, 14);
}
