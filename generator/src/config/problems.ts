import type { z } from "zod";
import { closest } from "../closest.js";
import { SessgenError, SessgenErrors, type Where } from "../errors.js";
import type { Catalog } from "./catalog.js";
import { namesIn, optionNames } from "./options/options.js";

/** Something wrong with an option; the line is looked up later. */
export interface Problem {
  readonly code: "config/unknown-option" | "config/invalid-option" | "config/secret";
  readonly path: readonly PropertyKey[];
  readonly summary: string;
  readonly fix?: string;
}

/**
 * Says in our words what Zod says about the options.
 * @param given - the config as it was exported, to see what may have been meant
 */
export function problemsOf(issue: z.core.$ZodIssue, given: unknown, catalog: Catalog): Problem[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownOption([...issue.path, key], given, catalog));
  const path = textOf(issue.path);
  if (issue.code === "custom" && issue.params?.["secret"] === true)
    return [
      {
        code: "config/secret",
        path: issue.path,
        summary: `${path} holds a password, and would stand in the emitted code`,
      },
    ];
  const expected = issue.message.replace(/^Invalid (input|option): /, "");
  const summary =
    path === "" ? `The config is no object: ${expected}` : `The option ${path} is wrong: ${expected}`;
  const meant = issue.code === "invalid_value" ? nearestOf(issue.values, at(given, issue.path)) : undefined;
  const unset = Object.entries(Object(at(given, issue.path))).find(([, value]) => value === undefined)?.[0];
  const fix =
    unset === undefined || issue.path[0] !== "backend"
      ? didYouMean(meant)
      : { fix: `${unset} is undefined here: write env("NAME"), which the application reads when it starts.` };
  return [{ code: "config/invalid-option", path: issue.path, summary, ...fix }];
}

/** Makes the errors, each with its place in the config. */
export async function errorsOf(file: string, problems: readonly Problem[]): Promise<SessgenErrors> {
  return new SessgenErrors(
    await Promise.all(
      problems.map(async ({ code, path, summary, fix }) => {
        const where = await whereOf(file, path);
        return new SessgenError(code, summary, { where, ...(fix === undefined ? {} : { fix }) });
      }),
    ),
  );
}

/** Says where an option stands in the config. */
export async function whereOf(file: string, path: readonly PropertyKey[]): Promise<Where> {
  const { locate } = await import("./locate.js");
  return { ...(await locate(file, path.map(String))), path: textOf(path) };
}

/** Gives the path of an option of a backend: a single one stands without an environment. */
export function backendPath(environment: string, option: string): readonly string[] {
  return environment === "default" ? ["backend", option] : ["backend", environment, option];
}

function unknownOption(path: readonly PropertyKey[], given: unknown, catalog: Catalog): Problem {
  const [place, key] = [path.slice(0, -1), String(path.at(-1))];
  const code = "config/unknown-option";
  if (place[0] !== "backend") {
    const meant = suggestion(place.length === 0 ? "" : String(place[0]), key, catalog);
    return { code, path, summary: `There is no option ${textOf(path)}`, ...didYouMean(meant) };
  }
  const { backends } = catalog;
  const kind = kindAt(given, place);
  const own = namesIn(backends.get(kind)?.options);
  const others = [...backends].flatMap(([name, { options }]) =>
    namesIn(options).includes(key) ? [name] : [],
  );
  const meant = others.length > 0 ? closest(key, own) : suggestion("backend", key, catalog, own);
  const fix =
    others.length > 0 && meant === undefined
      ? {
          fix: `Delete it: of ${new Intl.ListFormat("en").format(others)} it is an option, of ${kind} it is none.`,
        }
      : didYouMean(meant);
  return { code, path, summary: `The backend ${kind} has no option ${key}`, ...fix };
}

/**
 * What may have been meant: an option of the same place with a similar name, or one of that name
 * elsewhere.
 */
function suggestion(
  scope: string,
  key: string,
  catalog: Catalog,
  here = optionNames(catalog).get(scope) ?? [],
): string | undefined {
  const known = optionNames(catalog);
  const elsewhere = [...known].find(([place, names]) => place !== scope && names.includes(key));
  if (elsewhere !== undefined) return [elsewhere[0], key].filter((part) => part !== "").join(".");
  return closest(key, here);
}

/** The kind of the backend that an option was given to. */
function kindAt(given: unknown, place: readonly PropertyKey[]): string {
  const around = place.map((_, index) => at(given, place.slice(0, index + 1)));
  const kinds = around.map((value) =>
    typeof value === "object" && value !== null ? Reflect.get(value, "kind") : undefined,
  );
  return String(kinds.find((kind) => typeof kind === "string"));
}

/** Of what is allowed, the value that a wrong one is most like; written as in the config. */
function nearestOf(allowed: readonly unknown[], value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const texts = allowed.filter((one) => typeof one === "string");
  const near = texts.find((one) => one.toLowerCase() === value.toLowerCase()) ?? closest(value, texts);
  return near === undefined ? undefined : JSON.stringify(near);
}

function didYouMean(meant: string | undefined): { readonly fix?: string } {
  return meant === undefined ? {} : { fix: `Did you mean ${meant}?` };
}

/** What stands in the config at a path. */
function at(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
    given,
  );
}

function textOf(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}
