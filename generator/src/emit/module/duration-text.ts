/** Milliseconds in the largest unit that divides them: `30 minutes`. */
export function durationText(milliseconds: number): string {
  for (const [unit, size] of [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1000],
  ] as const) {
    const count = milliseconds / size;
    if (Number.isInteger(count) && count > 0) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return `${milliseconds} milliseconds`;
}
