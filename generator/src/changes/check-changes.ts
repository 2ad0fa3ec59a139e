import type { PartChanges } from "./parts.js";
import { isWithin } from "./parts.js";
import type { ChecksForm } from "./snapshot-form.js";
import type { State } from "./state.js";

/** How what is checked at a place has changed. */
export interface CheckChange {
  /** In the newer state. */
  readonly path: string;
  readonly before: ChecksForm;
  readonly after: ChecksForm;
  /** What refuses values that were let through: `maxLength 3`. */
  readonly tighter: readonly string[];
  /** What lets values through that were refused. */
  readonly looser: readonly string[];
}

/** Compares what is checked at each place that both states have, and that is stored alike. */
export function compareChecksOf(before: State, after: State, parts: PartChanges): readonly CheckChange[] {
  const [older, newer] = [before.snapshot.checks, after.snapshot.checks];
  const names = new Map(parts.kept.map((pair) => [pair.before.path, pair.after.path]));
  const old = new Map(Object.entries(older).map(([path, checks]) => [pathNow(path, names), checks]));
  const others = [...parts.added, ...[...parts.retyped, ...parts.moved].map((pair) => pair.after)];
  const gone = parts.removed;
  return [...new Set([...old.keys(), ...Object.keys(newer)])].sort().flatMap((path) => {
    if ([...others, ...gone].some((part) => isWithin(path, part.path))) return [];
    const [was, is] = [old.get(path) ?? {}, newer[path] ?? {}];
    const [tighter, looser] = [tighterThan(was, is), tighterThan(is, was)];
    if (tighter.length + looser.length === 0 && isSame(was, is)) return [];
    return [{ path, before: was, after: is, tighter, looser }];
  });
}

/** Tells whether what has rules of its own is the same, too. */
function isSame(was: ChecksForm, is: ChecksForm): boolean {
  return [...elsewhere].every((name) => String(was[name]) === String(is[name]));
}

/** What a path of the older state is called now. */
function pathNow(path: string, names: ReadonlyMap<string, string>): string {
  const [from, to] =
    [...names].filter(([name]) => isWithin(path, name)).sort(([a], [b]) => b.length - a.length)[0] ?? [];
  return from === undefined || to === undefined ? path : to + path.slice(from.length);
}

/** Bounds, with the one that excludes its value behind. */
const lower = [["min", "above"], ["minLength"], ["minSize"]] as const;
const upper = [["max", "below"], ["maxLength"], ["maxSize"]] as const;
const bounds: ReadonlySet<string> = new Set([...lower, ...upper].flat());
/** What has rules of its own. */
const elsewhere: ReadonlySet<string> = new Set(["values", "rest", "keys", "nullable", "optional"]);

/** What `is` refuses and `was` let through. */
function tighterThan(was: ChecksForm, is: ChecksForm): readonly string[] {
  const found: string[] = [];
  const boundOf = (checks: ChecksForm, names: readonly string[]) => {
    const name = names.find((one) => checks[one] !== undefined);
    return name === undefined
      ? undefined
      : { name, value: Number(checks[name]), text: String(checks[name]), exclusive: name === names[1] };
  };
  for (const [group, sign] of [
    [lower, 1],
    [upper, -1],
  ] as const) {
    for (const names of group) {
      const [old, now] = [boundOf(was, names), boundOf(is, names)];
      if (now === undefined) continue;
      const by = old === undefined ? 1 : (now.value - old.value) * sign;
      if (by > 0 || (by === 0 && now.exclusive && !old?.exclusive)) found.push(`${now.name} ${now.text}`);
    }
  }
  for (const [name, value] of Object.entries(is)) {
    if (bounds.has(name) || elsewhere.has(name)) continue;
    const before = was[name];
    if (Array.isArray(value)) {
      const known = Array.isArray(before) ? before : [];
      found.push(...value.filter((one) => !known.includes(one)).map((one) => `${name} ${one}`));
      // A partial record lets keys be absent.
    } else if (name !== "partial" && before !== value) found.push(value === true ? name : `${name} ${value}`);
  }
  if (was["partial"] === true && is["partial"] !== true) found.push("every key");
  return found;
}
