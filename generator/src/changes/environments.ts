import type { BackendForm, CookieForm, TextForm } from "./snapshot-form.js";
import { textName } from "./snapshot-form.js";
import type { State } from "./state.js";

/** What an environment had, and has now. */
export interface EnvironmentPair<T> {
  /** The NODE_ENV; `""` where there is one for all. */
  readonly name: string;
  readonly before: T;
  readonly after: T;
  /** Where it stands in the config. */
  readonly at: readonly string[];
}

/** Gives the backends of every environment that either state names. */
export function backendsOf(before: State, after: State): readonly EnvironmentPair<BackendForm>[] {
  return pairsOf(before.snapshot.backends, after.snapshot.backends, "backend");
}

/** Gives the cookies, alike. */
export function cookiesOf(before: State, after: State): readonly EnvironmentPair<CookieForm>[] {
  const of = ({ snapshot }: State) => snapshot.cookies ?? { default: snapshot.cookie };
  return pairsOf(of(before), of(after), "cookie");
}

function pairsOf<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  option: string,
): readonly EnvironmentPair<T>[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const single = names.every((name) => name === "default");
  return names.flatMap((name) => {
    const [was, is] = [chosen(before, name), chosen(after, name)];
    if (was === undefined || is === undefined) return [];
    const at = single || !Object.hasOwn(after, name) ? [option] : [option, name];
    return [{ name: single ? "" : name, before: was, after: is, at }];
  });
}

/** As the emitted code chooses. */
function chosen<T>(by: Readonly<Record<string, T>>, name: string): T | undefined {
  const found = [name, "default", "production"].find((one) => Object.hasOwn(by, one));
  return found === undefined ? Object.values(by)[0] : by[found];
}

/** How a list of secrets has changed: the first one writes, all are read. */
export interface SecretsChange {
  /** In front, and not known before. */
  readonly first?: string;
  /** Behind, and not known before. */
  readonly behind: readonly string[];
  /** Known before, and no more: the one that wrote. */
  readonly writer?: string;
  /** The others. */
  readonly readers: readonly string[];
}

/** Compares two lists of secrets, by the names of their variables. */
export function secretsChange(before: readonly TextForm[], after: readonly TextForm[]): SecretsChange {
  const [was, is] = [before.map(textName), after.map(textName)];
  const [writer, ...readers] = was.filter((name) => !is.includes(name));
  const isWriter = writer !== undefined && writer === was[0];
  const [first] = is;
  const isNew = first !== undefined && !was.includes(first);
  return {
    ...(isNew && { first }),
    ...(isWriter && { writer }),
    behind: is.slice(1).filter((name) => !was.includes(name)),
    readers: isWriter || writer === undefined ? readers : [writer, ...readers],
  };
}

/** Names an environment in a sentence: ` of production`. */
export function ofEnvironment(name: string): string {
  return name === "" ? "" : ` of ${name}`;
}
