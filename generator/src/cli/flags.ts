import { InvalidArgumentError, Option } from "commander";

/** The options of a command, as commander gives them. */
export interface Flags {
  readonly config?: readonly string[];
  readonly cwd?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly [flag: string]: unknown;
}

/** The option of commands that work on stored sessions, by which one is named. */
export const byKey = ["--key <key>", "name the session by the store's key instead of its id"] as const;
/** The option by which all of a user are named, for example. */
export const byField = [
  "--by <field=value>",
  "name all sessions of an indexed field's value: user.id=42",
] as const;

/** Picks the flags that were given as texts. */
export function texts<Name extends string>(
  flags: Flags,
  ...names: readonly Name[]
): { [name in Name]?: string } {
  return Object.fromEntries(
    names.flatMap((name) => (typeof flags[name] === "string" ? [[name, flags[name]]] : [])),
  ) as { [name in Name]?: string };
}

/** Reads an option that counts something. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`Expected a whole number, ${least} or more.`);
  };
}

/** The option of commands that work on a running backend. */
export const environment = [
  "-e, --environment <name>",
  "the backend's name in the config (default: NODE_ENV)",
] as const;

/** Reads the option {@link environment}. */
export function environmentOf(flags: Flags): { environment?: string } {
  return typeof flags["environment"] === "string" ? { environment: flags["environment"] } : {};
}

/** The option of commands that go through many sessions beside traffic. */
export const share: [flags: string, text: string, parse: (text: string) => number, most: number] = [
  "--share <percent>",
  "how much of the time may be work; the rest are pauses for the requests",
  percentage,
  50,
];

/** Reads the option {@link share}. */
export function shareOf(flags: Flags): { share: number } {
  return { share: Number(flags["share"]) / 100 };
}

function percentage(text: string): number {
  const number = wholeNumber(1)(text);
  if (number <= 100) return number;
  throw new InvalidArgumentError("Expected a whole number from 1 to 100.");
}

/** The option by which an earlier version is named. */
export const against = [
  "--against <version>",
  "the version to compare with: what git knows (main, v1.2, REF:PATH), a folder, or a lock file",
] as const;

/** Makes the option by which changes are let through. */
export function accept(): Option {
  return new Option(
    "--accept <rule>",
    "let a change through: a rule, or a rule and its path (member-removed:theme); may be repeated",
  ).argParser(repeated);
}

/** Collects what an option is given that may be repeated. */
export function repeated(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Reads such an option. */
export function listOf(flags: Flags, name: string): readonly string[] {
  const value = flags[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Reads how changes are printed. */
export function formatOf(flags: Flags): "text" | "github" {
  return flags["format"] === "github" ? "github" : "text";
}
